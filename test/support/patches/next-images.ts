/** Calls of Next's picture optimizer. */
import { type Case, image, page, type PatchCases } from "./cases.ts";

/** By patch. */
export const nextImages: PatchCases = {
  "next-image-optimizer": {
    denies: [
      ...[
        "https://evil.example/x.png",
        "http://cdn.example/x.png",
        "//evil.example/x.png",
        "/\\evil.example/x.png",
        "/%2f/evil.example/x.png",
        "/%2F%2Fevil.example",
        "/%252F%252Fevil.example",
        "/a/../../etc",
        "/a/%2e%2e/b",
        "https://cdn.example@evil.example/x",
        "https://user:pw@cdn.example/x",
        "https://sub.cdn.example/x",
        "https://cdn.example:8443/x",
        "https://cdn.example.evil.example/x",
        "https://127.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "data:image/svg+xml,<svg/>",
        "/_next/image?url=/x",
        "",
        "x.png",
        "/private/x.png",
        `/a${"a".repeat(2100)}`,
      ].map((url) => ({
        name: `the address ${url.slice(0, 60)}`,
        options: {
          name: "next",
          images: { hosts: ["cdn.example"], paths: ["/media/", "/a"] },
        } satisfies Case["options"],
        exchange: image({ url, w: "640", q: "75" }),
        problem: "invalid-query" as const,
      })),
      ...[
        { w: "0" },
        { w: "99999" },
        { w: "3841" },
        { w: "-1" },
        { w: "64e3" },
        { w: "" },
        { q: "0" },
        { q: "101" },
        { q: "75.5" },
      ].map((size) => ({
        name: `the size ${JSON.stringify(size)}`,
        options: "next" as const,
        exchange: image({ url: "/media/x.png", w: "640", q: "75", ...size }),
        problem: "invalid-query" as const,
      })),
      ...["/_next/image/", "/shop/_next/image", "/_NEXT/image"].map((path) => ({
        name: `a foreign address at ${path}`,
        options: "next" as const,
        exchange: image({ url: "https://evil.example/x.png", w: "640", q: "75" }, path),
        problem: "invalid-query" as const,
      })),
      {
        name: "a width that is not made",
        options: { name: "next", images: { widths: [640, 1080] } },
        exchange: image({ url: "/x.png", w: "641", q: "75" }),
        problem: "invalid-query",
      },
      {
        name: "an address given twice",
        options: "next",
        exchange: {
          path: "/_next/image",
          route: page,
          claimedQuery: [
            ["url", "/x.png"],
            ["url", "https://evil.example"],
            ["w", "640"],
            ["q", "75"],
          ],
        },
        problem: "invalid-query",
      },
      {
        name: "a key that it does not know",
        options: "next",
        exchange: { ...image({ url: "/x.png", w: "640", q: "75" }), query: [["nxtP", "x"]] },
        problem: "invalid-query",
      },
    ],
    passes: [
      {
        name: "a picture of the site",
        options: { name: "next", images: { paths: ["/media/"] } },
        exchange: image({ url: "/media/caf%C3%A9 x.png".replace(" ", ""), w: "640", q: "75" }),
      },
      {
        name: "a picture of a declared host",
        options: { name: "next", images: { hosts: ["*.cdn.example"] } },
        exchange: image({ url: "https://a.cdn.example/x.png?v=1", w: "3840", q: "90", dpl: "dpl_1" }),
      },
      {
        name: "a width and a quality that are made",
        options: { name: "next", images: { widths: [640], qualities: [75] } },
        exchange: image({ url: "/x.png", w: "640", q: "75" }),
      },
    ],
  },
};
