/** What the tables of patches are made of. */
import type { z } from "zod";
import type { framework } from "../../../src/guards/framework.ts";
import type { ProblemId } from "../../../src/problem.ts";
import { type FakeExchangeInit, fakeRoute } from "../exchange.ts";

/** Ids of server actions that the build lists. */
export const action = "7f".repeat(20);
export const longAction = `${"4a".repeat(20)}0b`;
export const manifest = JSON.stringify({
  node: { [action]: { workers: {}, layer: {} }, [longAction]: { workers: {}, layer: {} } },
  edge: {},
  encryptionKey: "x",
});
/** The build's manifest, as a guard reads it. */
export const env = {
  file: (path: string) => {
    if (path === "actions.json") return manifest;
    throw new Error(`the file "${path}" cannot be read (ENOENT)`);
  },
};
/** Next.js with that build. */
export const next = { name: "next", serverActions: "actions.json" } as const;
export const page = { ...fakeRoute, id: "GET|POST /*", pattern: "/*", methods: ["GET", "POST"], page: true };
export const site = { origin: "https://shop.example" };

/** A form's body with the boundary `b`. */
export function form(fields: Readonly<Record<string, string>>, contentType?: string): string {
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${contentType ? `\r\nContent-Type: ${contentType}` : ""}\r\n\r\n${value}\r\n`,
  );
  return `${parts.join("")}--b--\r\n`;
}

/** A call of a server action by script. */
export function call(
  body: string | Uint8Array,
  contentType = "text/plain;charset=UTF-8",
  id = action,
): FakeExchangeInit {
  return {
    method: "POST",
    path: "/cart",
    route: page,
    headers: { ...site, "next-action": id, "content-type": contentType },
    body,
  };
}

export const multipart = "multipart/form-data; boundary=b";
/** A call of a picture optimizer. */
export const image = (query: Readonly<Record<string, string>>, path = "/_next/image"): FakeExchangeInit => ({
  path,
  route: page,
  claimedQuery: Object.entries(query),
});

/** One request to a patch and what becomes of it. */
export interface Case {
  readonly name: string;
  readonly options: z.input<typeof framework.options>;
  readonly exchange: FakeExchangeInit;
  readonly problem?: ProblemId;
}

/** By patch: what it refuses, and what it lets through of what the framework's users do every day. */
export type PatchCases = Readonly<
  Record<string, { readonly denies: readonly Case[]; readonly passes: readonly Case[] }>
>;

/** Posts to a page that come from the site and from elsewhere. */
export function foreignWrites(options: "nuxt" | "astro" | "react-router" | "sveltekit"): PatchCases[string] {
  const post = { method: "POST", path: "/account", route: page };
  return {
    denies: [{ origin: "https://evil.example" }, { origin: "null" }, {}].map((headers) => ({
      name: `${options}: a post to a page with ${JSON.stringify(headers)}`,
      options,
      exchange: { ...post, headers: headers as Record<string, string> },
      problem: "origin-not-allowed" as const,
    })),
    passes: [
      { name: `${options}: a post of the site's own page`, options, exchange: { ...post, headers: site } },
      { name: `${options}: reading a page`, options, exchange: { path: "/account", route: page } },
    ],
  };
}
