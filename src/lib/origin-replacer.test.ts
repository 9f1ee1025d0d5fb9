import { describe, expect, test } from "vitest";
import { createOriginReplacer } from "./origin-replacer.ts";

const { text: replace } = createOriginReplacer(["http://10.0.0.5:8080", "https://cms.example"], "https://shop.example");

describe("an origin replacer", () => {
  test.each([
    ["in HTML", '<a href="https://cms.example/a">', '<a href="https://shop.example/a">'],
    ["without a scheme", '<img src="//cms.example/a.png">', '<img src="//shop.example/a.png">'],
    ["in JSON as PHP writes it", String.raw`"http:\/\/10.0.0.5:8080\/a"`, String.raw`"https:\/\/shop.example\/a"`],
    [
      "in JSON inside a script",
      String.raw`"http:\u002F\u002F10.0.0.5:8080"`,
      String.raw`"https:\u002F\u002Fshop.example"`,
    ],
    ["in another URL's query", "?url=http%3A%2F%2F10.0.0.5%3A8080%2Fa&x=1", "?url=https%3A%2F%2Fshop.example%2Fa&x=1"],
    [
      "at the end of a sentence",
      "See https://cms.example. Or https://cms.example: there.",
      "See https://shop.example. Or https://shop.example: there.",
    ],
    ["with nothing behind it", "https://cms.example", "https://shop.example"],
    ["between characters beyond ASCII", "«https://cms.example»", "«https://shop.example»"],
  ])("replaces it %s", (_, before, after) => {
    expect(replace(before)).toBe(after);
  });

  test.each([
    ["a longer name", "https://cms.example.org/"],
    ["a longer label", "https://cms.example-shop/"],
    ["another port", "https://cms.example:8443/"],
    ["another port in another URL's query", "https%3A%2F%2Fcms.example%3A8443%2F"],
    ["a longer port", "http://10.0.0.5:80801/"],
    ["a subdomain", "https://www.cms.example/"],
    ["userinfo", "https://cms.example@evil.example/"],
    ["the bare name", "cms.example"],
  ])("leaves %s alone", (_, text) => {
    expect(replace(text)).toBe(text);
  });

  test("does nothing where both are the same", () => {
    expect(createOriginReplacer(["https://a.example"], "https://a.example").text("https://a.example/")).toBe(
      "https://a.example/",
    );
  });
});
