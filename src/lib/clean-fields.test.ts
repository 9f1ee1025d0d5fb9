import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CleanedFields, cleanFields } from "./clean-fields.ts";
import { createFieldTree } from "./field-path.ts";
import type { Cleaner } from "./sanitizer.ts";

const upper: Cleaner = { clean: (html) => html.toUpperCase() };
const later: Cleaner = { clean: async (html) => html.toUpperCase() };
const tree = (paths: readonly string[], cleaner = upper) =>
  createFieldTree(paths.map((path) => [path, cleaner] as const));
/** As answers come: out of a parser. */
const parse = (text: string): unknown => JSON.parse(text);

function cleanedValue(cleaned: CleanedFields | Promise<CleanedFields>): unknown {
  if (cleaned instanceof Promise || cleaned.kind !== "cleaned") throw new Error("it was not cleaned at once");
  return cleaned.value;
}

describe("cleanFields", () => {
  test.each<[what: string, value: unknown, paths: readonly string[], becomes: unknown]>([
    ["a member", { a: "x", b: "y" }, ["a"], { a: "X", b: "y" }],
    [
      "members of elements",
      { a: [{ b: "x" }, { c: "y" }, { b: null }] },
      ["a[].b"],
      { a: [{ b: "X" }, { c: "y" }, { b: null }] },
    ],
    ["a list of texts", { a: ["x", "y"] }, ["a[]"], { a: ["X", "Y"] }],
    ["a list of lists", { a: [["x"], []] }, ["a[][]"], { a: [["X"], []] }],
    ["the value itself as a list", [{ a: "x" }], ["[].a"], [{ a: "X" }]],
    [
      "members of any name",
      { t: { en: { b: "x" }, de: { b: "y", c: "z" } } },
      ["t.*.b"],
      { t: { en: { b: "X" }, de: { b: "Y", c: "z" } } },
    ],
    [
      "a member by its name and by any name",
      { hero: { title: "x", html: "y" } },
      ["hero.title", "*.html"],
      { hero: { title: "X", html: "Y" } },
    ],
    ["nothing where there is nothing", { c: 1 }, ["a", "b.c", "d[].e"], { c: 1 }],
    ["nothing where a branch is null", { b: null, d: null }, ["b.c", "d[].e"], { b: null, d: null }],
    [
      "own members of any name",
      parse('{"__proto__": {"a": "x"}}'),
      ["__proto__.a"],
      parse('{"__proto__": {"a": "X"}}'),
    ],
  ])("cleans %s", (_, value, paths, becomes) => {
    const before = structuredClone(value);
    expect(cleanedValue(cleanFields(value, tree(paths)))).toEqual(becomes);
    expect(value).toEqual(before);
  });

  test("does not reach what is inherited", () => {
    expect(cleanedValue(cleanFields({}, tree(["constructor.name", "__proto__.a"])))).toEqual({});
  });

  test.each<[what: string, value: unknown, paths: readonly string[]]>([
    ["an object for a text", { a: { b: "x" } }, ["a"]],
    ["a list for a text", { a: ["x"] }, ["a"]],
    ["a text for an object", { a: "x" }, ["a.b"]],
    ["a text for a list", { a: "x" }, ["a[]"]],
    ["a list for an object", { a: [{ b: "x" }] }, ["a.b"]],
    ["an object for a list", { a: { b: "x" } }, ["a[].b"]],
    ["more texts than can be cleaned", { a: Array.from({ length: 10_001 }, () => "x") }, ["a[]"]],
  ])("takes %s for a misfit", (_, value, paths) => {
    expect(cleanFields(value, tree(paths))).toMatchObject({ kind: "misfit" });
  });

  test("gives the very value back where nothing changes", () => {
    const value = { a: "X", b: [{ c: 1 }] };
    expect(cleanFields(value, tree(["a", "b[].c"]))).toEqual({ kind: "cleaned", value, count: 0, emptied: undefined });
    expect(cleanedValue(cleanFields(value, tree(["a"])))).toBe(value);
  });

  test("shares what holds no change", () => {
    const value = { a: "x", b: { c: "y" } };
    expect((cleanedValue(cleanFields(value, tree(["a"]))) as typeof value).b).toBe(value.b);
  });

  test("waits for what takes time, a few at once, and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const counting: Cleaner = {
      async clean(html) {
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        running -= 1;
        return html.toUpperCase();
      },
    };
    const value = { a: Array.from({ length: 50 }, (_, at) => `x${at}`) };
    const cleaned = await cleanFields(value, tree(["a[]"], counting));
    expect(cleaned).toMatchObject({ count: 50, value: { a: value.a.map((text) => text.toUpperCase()) } });
    expect(most).toBeLessThanOrEqual(8);
  });

  test("fails as a whole when one fails, at once or later", async () => {
    const failing = (at: string, cleaner: Cleaner): Cleaner => ({
      clean(html) {
        if (html === at) throw new Error("refused");
        return cleaner.clean(html);
      },
    });
    expect(() => cleanFields({ a: ["x", "y"] }, tree(["a[]"], failing("y", upper)))).toThrow("refused");
    await expect(cleanFields({ a: ["x", "y", "z"] }, tree(["a[]"], failing("z", later)))).rejects.toThrow("refused");
  });

  test("says which field was emptied", () => {
    const none: Cleaner = { clean: () => "" };
    expect(cleanFields({ a: [" ", "x"] }, tree(["a[]"], none))).toMatchObject({ count: 2, emptied: ["a", 1] });
    expect(cleanFields({ a: ["", " "] }, tree(["a[]"], none))).toMatchObject({ emptied: undefined });
  });

  test("agrees with a plain walk over any value", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ b: fc.option(fc.string()), c: fc.jsonValue() })), (value) => {
        const expected = value.map((one) => ({ ...one, b: one.b === null ? null : one.b.toUpperCase() }));
        expect(cleanedValue(cleanFields(value, tree(["[].b"])))).toEqual(expected);
      }),
    );
  });
});
