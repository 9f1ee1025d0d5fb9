/**
 * The product's claim for content that users and editors write, on the side of the API: what is stored as a script is none
 * when it leaves, what is sent as one is none when it is stored, and what editors mean stays.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JSDOM, VirtualConsole } from "jsdom";
import { type CallAnswer, type LabGateway, startLabGateway } from "../support/lab-gateway.ts";
import { findDanger } from "../support/find-danger.ts";

/** The first four products carry a hostile review each: a picture, a script, a link, a drawing. */
const hostile = [
  ["onerror=", "Five stars!"],
  ["<script>", "Great value."],
  ["javascript:", "See my photos"],
  ["onload=", "Would buy again."],
] as const;

let stack: LabGateway;
let products: readonly string[];

beforeAll(async () => {
  stack = await startLabGateway();
  const { text } = await stack.bare("GET /api/products?limit=100");
  const all = JSON.parse(text) as readonly { readonly id: string }[];
  const reviews = await Promise.all(all.map(({ id }) => stack.bare(`GET /api/products/${id}/reviews`)));
  products = hostile.map(([sign]) => all[reviews.findIndex((answer) => answer.text.includes(sign))]?.id ?? "");
});
afterAll(() => stack.stop());

/** Texts by name, from an answer of one object or a list of them. */
function textsOf({ status, text }: CallAnswer, member: string): readonly string[] {
  expect([status, text]).toEqual([status < 300 ? status : 200, text]);
  const value = JSON.parse(text) as Readonly<Record<string, string>> | readonly Readonly<Record<string, string>>[];
  return [value].flat().map((one) => String((one as Readonly<Record<string, string>>)[member]));
}

describe("frontend-ugc: Reviews are stored and shown as HTML", () => {
  test.each(hostile.map(([sign, rest], at) => ({ sign, rest, at })))(
    "open on the bare lab, closed on the way out: $sign",
    async ({ sign, rest, at }) => {
      const call = `GET /api/products/${products[at]}/reviews`;
      const bare = textsOf(await stack.bare(call), "text");
      expect(bare.some((text) => text.includes(sign))).toBe(true);
      expect(bare.flatMap(findDanger)).not.toEqual([]);
      const guarded = textsOf(await stack.guarded(call), "text");
      expect(guarded.flatMap(findDanger)).toEqual([]);
      expect(guarded.some((text) => text.includes(rest))).toBe(true);
    },
  );

  test("open on the bare lab, closed on the way in: what is stored is clean already", async () => {
    const call = `POST /api/products/${products[0]}/reviews`;
    const body = {
      rating: 4,
      text: "<p>Sturdy <b>and</b> light<img src=x onerror=\"window.labStoredScriptRan = 'in'\"></p>",
    };
    expect(textsOf(await stack.bare(call, { as: "alice", body }), "text").flatMap(findDanger)).not.toEqual([]);

    const guarded = await stack.guarded(call, { as: "alice", body });
    expect([guarded.status, textsOf(guarded, "text")]).toEqual([201, ["<p>Sturdy <b>and</b> light</p>"]]);
    // Asked behind the gateway's back: the shop itself has only the clean text of it.
    const stored = textsOf(await stack.bare(call.replace("POST", "GET")), "text");
    expect(stored[0]).toBe("<p>Sturdy <b>and</b> light</p>");
  });

  test("a review that is nothing but a script is refused, and not stored as an empty one", async () => {
    const call = `POST /api/products/${products[0]}/reviews`;
    const before = await stack.bare(call.replace("POST", "GET"));
    const body = { rating: 1, text: "<script>window.labStoredScriptRan = 'only'</script>" };
    expect((await stack.guarded(call, { as: "bob", body })).status).toBe(400);
    expect((await stack.bare(call.replace("POST", "GET"))).text).toBe(before.text);
  });

  test("what customers mean still arrives, as they wrote it", async () => {
    const call = `POST /api/products/${products[1]}/reviews`;
    for (const text of ["Tom & Jerry <3 it, 5 > 4", "<p>The <em>finish</em> is lovely.</p>", "Größe passt 👍"]) {
      const answer = await stack.guarded(call, { as: "alice", body: { rating: 5, text } });
      expect(textsOf(answer, "text")).toEqual([text]);
    }
  });
});

describe("frontend-ugc: Articles carry scripts into the page", () => {
  test("open on the bare lab, closed in the API that pages and apps read", async () => {
    for (const call of ["GET /api/content/articles/summer-tables", "GET /api/content/articles"]) {
      expect(textsOf(await stack.bare(call), "body").flatMap(findDanger)).toEqual(
        expect.arrayContaining(["script", "img onerror", "a href javascript:", "iframe"]),
      );
      const guarded = textsOf(await stack.guarded(call), "body");
      expect(guarded.flatMap(findDanger)).toEqual([]);
      expect(guarded.join()).toContain("<p>Bring the table outside.</p>");
      expect(guarded.join()).toContain("Download the plan");
    }
  });

  test("what editors mean stays: headings, lists, tables, figures, code, byte for byte", async () => {
    for (const slug of ["how-we-choose-wood", "a-week-in-the-kiln"]) {
      const call = `GET /api/content/articles/${slug}`;
      const [bare = ""] = textsOf(await stack.bare(call), "body");
      const [guarded = ""] = textsOf(await stack.guarded(call), "body");
      // The one link that leaves the shop says so; nothing else is touched.
      expect(guarded.replace(' rel="noopener noreferrer"', "")).toBe(bare);
      expect(textContentOf(guarded)).toBe(textContentOf(bare));
    }
  });
});

function textContentOf(html: string): string {
  const { window } = new JSDOM(html, { virtualConsole: new VirtualConsole() });
  return (window as { readonly document: { readonly body: { readonly textContent: string } } }).document.body
    .textContent;
}
