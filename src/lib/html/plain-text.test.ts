import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JSDOM, VirtualConsole } from "jsdom";
import { mayHoldMarkup, readEscapedText, writePlainText } from "./plain-text.ts";

const { document } = new JSDOM("", { virtualConsole: new VirtualConsole() }).window as {
  readonly document: {
    createElement(name: string): { innerHTML: string; textContent: string; childElementCount: number };
  };
};

/** The text that a browser reads, or undefined where it reads anything else. */
function readAsHtml(html: string): string | undefined {
  const place = document.createElement("div");
  place.innerHTML = html;
  return place.childElementCount === 0 && !place.innerHTML.includes("<!--") ? place.textContent : undefined;
}

test.each([
  "a < b",
  "I <3 you",
  "5 > 4 & 3",
  "AT&T",
  "&lt;script&gt;",
  "< script>",
  "",
  "a<<b".replace("<b", "< b"),
  "<é>",
])("%j is text", (text) => expect(mayHoldMarkup(text)).toBe(false));

test.each(["<b>", "</b", "<!--", "<?xml", "a<b", "<B", "ends with <", "<\0script>", "<<b"])("%j may be more", (text) =>
  expect(mayHoldMarkup(text)).toBe(true),
);

describe("writePlainText", () => {
  test.each([
    ["Tom & Jerry", "Tom & Jerry"],
    ["&amp;", "&amp;amp;"],
    ["&#60;", "&amp;#60;"],
    ["<b>x</b>", "&lt;b>x&lt;/b>"],
    ["a < b", "a < b"],
    ["ends with <", "ends with &lt;"],
    ["<!-- <? </", "&lt;!-- &lt;? &lt;/"],
  ])("writes %j as %j", (text, html) => expect(writePlainText(text)).toBe(html));

  test("is read by a parser as the text that it was", () => {
    const text = fc.string({ unit: fc.constantFrom(..."<>&;/!?#ab lt3\"'=-\n") });
    fc.assert(
      fc.property(text, (text) => {
        expect(readAsHtml(writePlainText(text))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test("holds nothing that may be markup, and can be written into each other", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(mayHoldMarkup(writePlainText(one))).toBe(false);
        expect(readAsHtml(`${writePlainText(one)}${writePlainText(other)}`)).toBeDefined();
      }),
    );
  });
});

test("text that is written as HTML elsewhere is read back", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const place = document.createElement("div");
      place.textContent = text;
      expect(readEscapedText(place.innerHTML)).toBe(text);
    }),
  );
});
