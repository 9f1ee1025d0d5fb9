import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./redact.ts";
import { Secret } from "./secret.ts";

const value = `p&ss"w/rd+<'é>=7`;
const redactor = createRedactor([new Secret("cms.token", value), new Secret("commerce.token", "tok_9f8e7d6c5b4a")]);

const encoders: readonly (readonly [string, (text: string) => string])[] = [
  ["plain text", (text) => text],
  ["JSON", (text) => JSON.stringify({ text })],
  ["JSON with escaped slashes", (text) => JSON.stringify({ text }).replaceAll("/", "\\/")],
  ["JSON in ASCII", (text) => JSON.stringify({ text }).replaceAll("é", "\\u00e9")],
  ["a URL", (text) => `https://h/?token=${encodeURIComponent(text)}`],
  ["a URL in lower case", (text) => encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase())],
  ["a form", (text) => new URLSearchParams({ text }).toString()],
  [
    "HTML",
    (text) =>
      text.replace(
        /[&"<>']/g,
        (character) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[character] ?? "&#39;",
      ),
  ],
  ["hex", (text) => Buffer.from(text).toString("hex")],
  ["hex in upper case", (text) => Buffer.from(text).toString("hex").toUpperCase()],
  ["base64", (text) => Buffer.from(text).toString("base64")],
  ["base64url", (text) => Buffer.from(text).toString("base64url")],
  ["Basic credentials", (text) => `Basic ${Buffer.from(`api:${text}`).toString("base64")}`],
  ["base64 at another offset", (text) => Buffer.from(`ab${text}cd`).toString("base64")],
];

describe("createRedactor", () => {
  test.each(encoders)("finds a value in %s", (_, encode) => {
    const redacted = redactor.redact(`before ${encode(value)} after`);
    expect(redacted).toContain("[secret cms.token]");
    expect(redacted).toMatch(/^before .* after$/);
  });

  test("replaces every occurrence of every secret and nothing else", () => {
    expect(redactor.redact("a tok_9f8e7d6c5b4atok_9f8e7d6c5b4a b")).toBe(
      "a [secret commerce.token][secret commerce.token] b",
    );
    expect(redactor.redact("tok_9f8e7d6c5b4")).toBe("tok_9f8e7d6c5b4");
    expect(redactor.redact("")).toBe("");
  });

  test("prefers the longer of two secrets that begin alike", () => {
    const both = createRedactor([new Secret("short", "abcdefgh"), new Secret("long", "abcdefghijkl")]);
    expect(both.redact("abcdefghijkl abcdefgh")).toBe("[secret long] [secret short]");
  });

  test("leaves texts alone when there are no secrets", () => {
    expect(createRedactor([]).redact(value)).toBe(value);
  });

  test("lets no usual encoding of any value through", () => {
    const values = fc
      .string({ minLength: 8, maxLength: 60, unit: "grapheme" })
      .filter((text) => text.trim().length > 7);
    const around = fc.string({ maxLength: 5 });
    fc.assert(
      fc.property(values, fc.constantFrom(...encoders), around, (text, [name, encode], prefix) => {
        fc.pre(!/with escaped|in ASCII|HTML/.test(name));
        const { redact } = createRedactor([new Secret("s", text)]);
        expect(redact(prefix + encode(text))).toContain("[secret s]");
      }),
      { numRuns: 1000 },
    );
  });

  test("says how much of a stream has to be kept back", () => {
    expect(redactor.maxFormLength).toBeGreaterThanOrEqual(encodeURIComponent(value).length);
  });
});
