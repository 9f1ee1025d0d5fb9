/** Calls to the other frameworks. */
import type { ProblemId } from "../../../src/problem.ts";
import type { FakeExchangeInit } from "../exchange.ts";
import { foreignWrites, image, type PatchCases } from "./cases.ts";

/** By patch. */
export const otherFrameworks: PatchCases = {
  "nuxt-islands": {
    denies: [
      "/__nuxt_island/Product_x1.json",
      "/__NUXT_ISLAND/Product.json",
      "/shop/__nuxt_island/Product.json",
      "/__nuxt_island/",
      "/__nuxt_island/Rating/x.json",
    ].map((path) => ({
      name: path,
      options: { name: "nuxt", components: ["Rating"] } as const,
      exchange: { path },
      problem: "not-found" as const,
    })),
    passes: [
      {
        name: "an island that is declared",
        options: { name: "nuxt", components: ["Rating"] },
        exchange: { path: "/__nuxt_island/Rating_Ab3-x.json", claimedQuery: [["props", '{"id":1}']] },
      },
    ],
  },
  "nuxt-image-optimizer": {
    denies: [
      ...[
        "/_ipx/w_200/https:/evil.example/x.png",
        "/_ipx/w_99999/x.png",
        "/_ipx/s_200x9000/x.png",
        "/_ipx/w_200,q_101/x.png",
        "/_ipx/w_200,w_300/x.png",
        "/_ipx/w_200;x/x.png",
        "/_ipx/w_200/_ipx/w_1/x.png",
      ].map((path) => ({
        name: path,
        options: "nuxt" as const,
        exchange: { path },
        problem: (/;|w_200,w/.test(path) ? "invalid-path" : "invalid-query") as ProblemId,
      })),
    ],
    passes: [
      { name: "a picture of the site", options: "nuxt", exchange: { path: "/_ipx/w_200,q_80,f_webp/media/x.png" } },
      { name: "a picture as it is", options: "nuxt", exchange: { path: "/_ipx/_/media/x.png" } },
      { name: "a picture with a size of both", options: "nuxt", exchange: { path: "/_ipx/s_200x300/media/x.png" } },
      {
        name: "a picture of a declared host",
        options: { name: "nuxt", images: { hosts: ["cdn.example"] } },
        exchange: { path: "/_ipx/w_200/https:/cdn.example/x.png" },
      },
    ],
  },
  "nuxt-redirect-parameters": {
    denies: [
      "javascript:alert(1)",
      "JavaScript:alert(1)",
      " javascript:x",
      "java\tscript:x",
      "data:text/html,x",
      "vbscript:x",
    ].map((value) => ({
      name: value,
      options: "nuxt" as const,
      exchange: { query: [["redirect", value]] } as FakeExchangeInit,
      problem: "invalid-query" as const,
    })),
    passes: [
      { name: "a path", options: "nuxt", exchange: { query: [["redirect", "/account"]] } },
      { name: "a search for such words", options: "nuxt", exchange: { query: [["q", "javascript:void"]] } },
    ],
  },
  "nuxt-foreign-writes": foreignWrites("nuxt"),
  "astro-image-optimizer": {
    denies: [
      ...[
        "//evil.example/x.png",
        "https://evil.example/x.png",
        "/_image?href=/x",
        "/\\evil.example",
        "https:evil.example",
      ].map((href) => ({
        name: href,
        options: "astro" as const,
        exchange: image({ href, w: "200" }, "/_image"),
        problem: "invalid-query" as const,
      })),
      ...[{ w: "100000" }, { h: "100000" }, { q: "500" }, { f: "svg" }, { f: "SVG+xml" }].map((size) => ({
        name: JSON.stringify(size),
        options: "astro" as const,
        exchange: image({ href: "/x.png", ...size }, "/_image"),
        problem: "invalid-query" as const,
      })),
    ],
    passes: [
      {
        name: "a picture of the build",
        options: "astro",
        exchange: image({ href: "/_astro/x.a1b2.png", w: "200", q: "mid", f: "webp" }, "/_image"),
      },
    ],
  },
  "astro-server-islands": {
    denies: ["/_server-islands/Cart", "/_Server-Islands/Cart", "/_server-islands/", "/x/_server-islands/Cart"].map(
      (path) => ({
        name: path,
        options: { name: "astro", components: ["Avatar"] } as const,
        exchange: { path },
        problem: "not-found" as const,
      }),
    ),
    passes: [
      {
        name: "an island that is declared",
        options: { name: "astro", components: ["Avatar"] },
        exchange: { path: "/_server-islands/Avatar" },
      },
    ],
  },
  "astro-foreign-writes": {
    denies: [
      ...foreignWrites("astro").denies,
      {
        name: "an action, which is no page, from another site",
        options: "astro",
        exchange: { method: "POST", path: "/_actions/addToCart", headers: { origin: "https://evil.example" } },
        problem: "origin-not-allowed",
      },
    ],
    passes: foreignWrites("astro").passes,
  },
  "react-router-foreign-writes": foreignWrites("react-router"),
  "sveltekit-remote-functions": {
    denies: ["/_app/remote/1x2y/deleteUser", "/_APP/remote/1x2y/getPosts", "/shop/_app/remote/x/getPosts/a/b"].map(
      (path) => ({
        name: path,
        options: { name: "sveltekit", components: ["getPosts"] } as const,
        exchange: { path },
        problem: "not-found" as const,
      }),
    ),
    passes: [
      {
        name: "a function that is declared",
        options: { name: "sveltekit", components: ["getPosts"] },
        exchange: { path: "/_app/remote/1x2y/getPosts" },
      },
    ],
  },
  "sveltekit-foreign-writes": foreignWrites("sveltekit"),
};
