import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutCode, withoutCodeElements } from "./code-spans.ts";
import { decodeEntities } from "./entities.ts";
import { decodePercent } from "./percent.ts";
import { readingsOf } from "./readings.ts";
import { hasSentence } from "./sentence.ts";
import { traitsOf } from "./traits.ts";

test.each([
  ["%27", "'"],
  ["100%", "100%"],
  ["%C3%A9", "é"],
  ["%FF%27", "%FF'"],
  ["..%c0%af", "../"],
  ["%uff07", "＇"],
  ["a+b%20c", "a b c"],
  ["a+b", "a+b"],
])("%s is percent-decoded as %s", (text, decoded) => expect(decodePercent(text)).toBe(decoded));

test.each([
  ["&lt;b&gt;", "<b>"],
  ["&#60;&#x3c;&#0000060", "<<<"],
  ["&Tab;&NewLine;&colon;", "\t\n:"],
  ["Q&A; R&D", "Q&A; R&D"],
  ["&#x110000;&#xd800;", "&#x110000;&#xd800;"],
])("%s has the references of %j", (text, decoded) => expect(decodeEntities(text)).toBe(decoded));

describe("code", () => {
  test.each([
    ["a `b` c", "a   c"],
    ["```sql\nx\n```\ny", "y"],
    ["~~~\nx\n~~~\ny", "y"],
    ["```\nnobody closes it", "```\nnobody closes it"],
    ["a\n    code\nb", "a\n\nb"],
    ["a ` b", "a ` b"],
  ])("%j without code is %j", (text, rest) => expect(withoutCode(text)).toBe(rest));

  test("in elements is taken out, but for tags that act there, too", () => {
    expect(withoutCodeElements("<p><code>{{7*7}}</code></p>")).toBe("<p> </code></p>");
    expect(withoutCodeElements("<code><img src=x onerror=a()></code>")).toContain("<img src=x onerror=a()>");
  });
});

test.each([
  ["please read this", 3, true],
  ["a b c", 3, false],
  ["first, second word", 3, true],
  ["x1 = y2 + z3", 2, false],
])("%j has %d words in a row: %s", (text, words, has) => expect(hasSentence(text, words)).toBe(has));

test("a text is read as it came first, and at most three times", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."%27&#x3c;\\u003 a＇") }), (text) => {
      const readings = readingsOf(text, traitsOf(text), false);
      expect(readings[0]?.text).toBe(text);
      expect(readings.length).toBeLessThanOrEqual(3);
    }),
  );
});
