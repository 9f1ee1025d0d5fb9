import { describe, expect, test } from "vitest";
import { createFieldProfiles } from "./field-profiles.ts";
import { createTextJudge } from "./judge-text.ts";
import { judgeTree, toFieldPath, toPlainPointer } from "./judge-tree.ts";

const profiles = createFieldProfiles({
  freeText: ["text", "blocks[].text"],
  richText: ["blocks[].html"],
  exempt: ["blocks[].raw"],
});

test.each([
  ["text", "free"],
  ["text.inner[].deep", "free"],
  ["texts", "typed"],
  ["blocks[].text", "free"],
  ["blocks[].html", "rich"],
  ["blocks[].raw", undefined],
  ["blocks[].other", "typed"],
  ["other", "typed"],
  ["", "typed"],
])("the profile of %j is %s", (path, profile) => expect(profiles.profileOf(path)).toBe(profile));

describe("a tree", () => {
  const judge = createTextJudge("body");
  const attack = "<img src=x onerror=alert(1)>";

  test.each([
    [{ a: [{ b: attack }] }, "/a/0/b"],
    [[["x", attack]], "/0/1"],
    [attack, ""],
    [{ "a/b": attack }, ""],
  ])("%j is refused at %j", (value, pointer) => {
    const found = judgeTree(value, judge, profiles);
    expect(found?.classes).toEqual(["xss"]);
    expect(toPlainPointer(found?.path ?? ["?"])).toBe(pointer);
  });

  test("is judged by the profile of each place", () => {
    expect(
      judgeTree({ blocks: [{ raw: attack }, { text: `\`${attack}\`` }, { html: "<p>x</p>" }] }, judge, profiles),
    ).toBeUndefined();
    expect(judgeTree({ blocks: [{ html: attack }] }, judge, profiles)?.path).toEqual(["blocks", 0, "html"]);
  });

  test("has names that are judged like values", () => {
    expect(judgeTree({ a: { $where: "1" } }, judge, profiles)).toMatchObject({ isName: true, path: ["a", "$where"] });
  });
});

test("paths name lists without their places", () =>
  expect(toFieldPath(["blocks", 3, "cells", 0, 1, "x"])).toBe("blocks[].cells[][].x"));
