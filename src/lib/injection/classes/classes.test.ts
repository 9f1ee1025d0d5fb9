import { describe, expect, test } from "vitest";
import { createTextJudge } from "../judge-text.ts";
import { traitsOf } from "../traits.ts";
import { attackClasses } from "./registry.gen.ts";

describe.each(attackClasses)("$name", (attackClass) => {
  const place = attackClass.places[0] ?? "body";
  const scoreOf = (text: string) => {
    const traits = traitsOf(text);
    if (!attackClass.suspects(traits)) return 0;
    return attackClass.judge({ text, traits, profile: "typed", isDecoded: false, innerHosts: new Set() });
  };

  test("says in one sentence what it stops and by which ids", () => {
    expect(attackClass.summary).toMatch(/^[A-Z].*\.$/);
    expect(attackClass.stops.length).toBeGreaterThan(0);
    for (const id of attackClass.stops) expect(id).toMatch(/^(?:CWE-\d+|API\d+:2023|A\d\d:2021)$/);
  });

  test.each(attackClass.found)("finds %j", (text) => {
    expect(createTextJudge(place).judge(text, "typed")?.classes).toContain(attackClass.name);
    expect(scoreOf(text)).toBeGreaterThanOrEqual(4);
  });

  test.each(attackClass.spared)("spares %j", (text) => {
    expect(createTextJudge(place).judge(text, "typed")).toBeUndefined();
    expect(scoreOf(text)).toBeLessThan(5);
  });
});

test("the names are unique, and each is that of its file", () => {
  const names = attackClasses.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
