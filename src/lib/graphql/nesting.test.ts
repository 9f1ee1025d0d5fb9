import fc from "fast-check";
import { expect, test } from "vitest";
import { loadGraphql } from "../../policy/graphql-parser.ts";
import { isNestedDeeper } from "./nesting.ts";

test("brackets of every kind count, as deep as they stand in each other", () => {
  expect(isNestedDeeper("{a{b{c}}}", 3)).toBe(false);
  expect(isNestedDeeper("{a{b{c}}}", 2)).toBe(true);
  expect(isNestedDeeper("{a(x:[[1]])}", 3)).toBe(true);
  expect(isNestedDeeper("{a}{b}{c}{d}", 1)).toBe(false);
});

test("texts, block texts and comments hold no brackets", () => {
  for (const text of [
    '{a(x:"{{{{")}',
    '{a(x:"\\"{{{{")}',
    '{a(x:"\\\\"){b}}',
    '{a(x:"""{{{{ " "" \\"""{{{ """)}',
    '{a(x:""){b}}',
    "{a #{{{{\n}",
    "{a #{{{{\r}",
  ])
    expect([text, isNestedDeeper(text, 2)]).toEqual([text, false]);
});

test("brackets behind texts, empty ones and comments count", () => {
  for (const text of [
    '{a(x:""){b{c}}}',
    '{a(x:""""""){b{c}}}',
    '{a(x:"""a\\""" """){b{c}}}',
    '{a(x:"\\\\"){b{c}}}',
    "{a #x\n{b{c}}}",
  ])
    expect([text, isNestedDeeper(text, 2)]).toEqual([text, true]);
});

test("ten thousand braces are seen before the parser meets them", () => {
  for (const text of ["{a".repeat(10_000), `{a(x:${"[".repeat(10_000)}`, `{a(x:${"{x:".repeat(10_000)}`])
    expect(isNestedDeeper(text, 200)).toBe(true);
});

test("whatever the parser takes, it is nested exactly as deep as the scan says", () => {
  const value = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string().map((text) => JSON.stringify(text).replaceAll("\u007f", "")),
      fc.string().map((text) => `"""${text.replaceAll("\\", "").replaceAll('"', "'")}"""`),
      fc.constantFrom("1", "true", "null", "$v", "# {[(\n 2"),
      fc.array(tie("value"), { maxLength: 3 }).map((all) => `[${all.join(" ")}]`),
      tie("value").map((one) => `{a:${one}}`),
    ),
  })).value;
  const depthOf = (node: unknown): number => {
    if (typeof node !== "object" || node === null) return 0;
    const inner = Math.max(0, ...Object.values(node).map(depthOf));
    const { kind } = node as { kind?: string };
    return inner + (kind === "ListValue" || kind === "ObjectValue" ? 1 : 0);
  };
  fc.assert(
    fc.property(value, (text) => {
      const document = `query($v:Int){a(x:${text})}`;
      const depth = depthOf(loadGraphql().parse(document, { noLocation: true })) + 2;
      expect([isNestedDeeper(document, depth), isNestedDeeper(document, depth - 1)]).toEqual([false, true]);
    }),
  );
});
