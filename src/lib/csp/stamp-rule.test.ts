import { describe, expect, test } from "vitest";
import { createHtmlRewriter } from "../html/rewriter.ts";
import { stampRule, trustAddresses } from "./stamp-rule.ts";

const trusts = trustAddresses({
  site: "https://shop.example",
  paths: ["/assets/"],
  sources: ["'sha256-abc'", "https://js.example/v3/", "https://tags.example/gtm.js", "https://all.example"],
});

describe("whose addresses are trusted", () => {
  test.each([
    "/assets/app.js",
    "/assets/app.js?v=1#x",
    "assets/app.js",
    "./assets/app.js",
    "https://shop.example/assets/app.js",
    "//shop.example/assets/app.js",
    " \n/assets/app.js",
    "/as\nsets/app.js",
    "/x/../assets/app.js",
    "https://js.example/v3/a/b.js",
    "https://tags.example/gtm.js?id=1",
    "https://all.example/x.js",
  ])("%j", (address) => expect(trusts(address)).toBe(true));

  test.each([
    "/uploads/a.js",
    "/assets",
    "/assets/../uploads/a.js",
    "/assets/%2e%2e/uploads/a.js",
    "/assets\\..\\..\\uploads/a.js",
    "https://evil.example/assets/app.js",
    "//evil.example/assets/app.js",
    "\\\\evil.example/assets/app.js",
    "https://shop.example@evil.example/assets/app.js",
    "https://user@shop.example/assets/app.js",
    "https://shop.example.evil.example/assets/app.js",
    "http://shop.example/assets/app.js",
    "https://shop.example:444/assets/app.js",
    "https://js.example/v4/a.js",
    "https://tags.example/gtm.js/x",
    "data:text/javascript,1",
    "javascript:1",
    "blob:https://shop.example/assets/",
    "https://",
    "",
  ])("not %j", (address) => expect(trusts(address)).toBe(false));

  test("however many there were before", () => {
    for (let n = 0; n < 2000; n += 1) trusts(`/uploads/${n}.js`);
    expect([trusts("/assets/later.js"), trusts("/uploads/0.js"), trusts("/uploads/9999.js")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("what gets the nonce", () => {
  test.each([
    ["a known script", '<script src="/assets/a.js">', '<script nonce="N" src="/assets/a.js">'],
    [
      "a known script with a foreign nonce",
      '<script nonce=x src="/assets/a.js">',
      '<script nonce="N"  src="/assets/a.js">',
    ],
    [
      "a script that is fetched ahead",
      '<link rel="preload" as=script href=/assets/a.js>',
      '<link nonce="N" rel="preload" as=script href=/assets/a.js>',
    ],
    [
      "a module that is fetched ahead",
      "<link rel=modulepreload href=/assets/a.js>",
      '<link nonce="N" rel=modulepreload href=/assets/a.js>',
    ],
    [
      "what the renderer gave the right one",
      "<script nonce=N>1</script><style nonce='N'>",
      "<script nonce=N>1</script><style nonce='N'>",
    ],
    [
      "an ampersand in the address",
      '<script src="/assets/a.js?a=1&amp;b=2">',
      '<script nonce="N" src="/assets/a.js?a=1&amp;b=2">',
    ],
  ])("%s", (_, before, after) => expect(stamp(before)).toBe(after));

  test.each([
    ["an inline script", "<script>alert(1)</script>"],
    ["a foreign script", "<script src=https://evil.example/x.js>"],
    ["an upload", "<script src=/uploads/x.js>"],
    ["a style, inline or not", "<style>a</style><link rel=stylesheet href=/assets/a.css>"],
    ["a picture that is fetched ahead", "<link rel=preload as=image href=/assets/a.png>"],
    ["an SVG script that names its file in another way", "<svg><script href=/assets/a.js></script>"],
    ["an address of which browsers read another", '<script src="/assets/&#x2e;./uploads/a.js">'],
    ["a second address", "<script src=/uploads/x.js src=/assets/a.js>"],
    ["a tag that swallowed another", "<script src=/assets/a.js <script src=x>"],
    ["a value that swallowed a tag", '<script src=/assets/a.js title="<script>">'],
  ])("not %s", (_, page) => expect(stamp(page)).toBe(page));

  test.each([
    ["of an inline script", "<script nonce=evil>1</script>", "<script >1</script>"],
    [
      "of a tag that swallowed the one it was meant for",
      "<script src=//evil <script nonce=N>",
      "<script src=//evil <script >",
    ],
    ["that stands twice", "<script nonce=N nonce=N>1</script>", "<script  >1</script>"],
    ["of a style", "<style nonce=x>", "<style >"],
    ["in another spelling", "<script NONCE = 'x'>", "<script >"],
  ])("and one is taken away %s", (_, before, after) => expect(stamp(before)).toBe(after));
});

function stamp(page: string): string {
  const rewriter = createHtmlRewriter([stampRule("N", trusts)]);
  return Buffer.concat([...rewriter.push(Buffer.from(page)), ...rewriter.end()]).toString();
}
