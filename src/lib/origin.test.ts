import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createOriginMatcher, formatOriginRule, parseOriginRule } from "./origin.ts";

describe("parseOriginRule", () => {
  test.each([
    "https://partner.example",
    "https://partner.example:8443",
    "https://xn--bcher-kva.example",
    "http://localhost:5173",
    "http://app.localhost",
    "http://127.0.0.1:3000",
    "http://[::1]:3000",
    "https://*.preview.example",
    "https://*.preview.example:8443",
    "https://*.team.vercel.app",
  ])("reads %s and writes it back", (text) => {
    expect(formatOriginRule(parseOriginRule(text))).toBe(text);
  });

  test.each([
    ["*", "lets everybody in"],
    ["null", "sandboxed frame"],
    ["partner.example", "is not an origin"],
    ["ftp://partner.example", "is not an origin"],
    ["capacitor://localhost", "is not an origin"],
    ["", "is not an origin"],
    ["http://partner.example", "Write https"],
    ["http://*.partner.example", "Write https"],
    ["https://partner.example/", 'Write "https://partner.example"'],
    ["https://partner.example/app", 'Write "https://partner.example"'],
    ["https://partner.example:443", 'Write "https://partner.example"'],
    ["https://Partner.example", 'Write "https://partner.example"'],
    ["https://user@partner.example", 'Write "https://partner.example"'],
    ["https://bücher.example", 'Write "https://xn--bcher-kva.example"'],
    ["https://partner.example.", "ends in a dot"],
    ["https://*", "must be the whole first label"],
    ["https://*preview.example", "must be the whole first label"],
    ["https://pr-*.preview.example", "must be the whole first label"],
    ["https://*.*.example", "must be the whole first label"],
    ["https://a.*.example", "must be the whole first label"],
    ["https://*.com", "anybody can have a name under com"],
    ["https://*.co.uk", "anybody can have a name under co.uk"],
    ["https://*.vercel.app", "anybody can have a name under vercel.app"],
    ["https://*.github.io", "anybody can have a name under github.io"],
    ["https://*.0.0.1", "is more than an origin"],
    ["https://*.10.0.0.1", "in front of an address"],
  ])("refuses %s", (text, message) => {
    expect(() => parseOriginRule(text)).toThrow(message);
  });

  test("accepts of all texts only what reads back as itself", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.domain().map((name) => `https://${name}`),
        ),
        (text) => {
          let rule;
          try {
            rule = parseOriginRule(text);
          } catch {
            return;
          }
          expect(formatOriginRule(rule)).toBe(text);
        },
      ),
    );
  });
});

describe("createOriginMatcher", () => {
  const allows = createOriginMatcher(
    ["https://partner.example", "https://*.preview.example", "http://localhost:5173"].map(parseOriginRule),
  );

  test.each([
    "https://partner.example",
    "https://pr-42.preview.example",
    "https://a.preview.example",
    "http://localhost:5173",
  ])("takes %s", (origin) => {
    expect(allows(origin)).toBe(true);
  });

  test.each([
    "null",
    "",
    "*",
    "http://partner.example",
    "https://partner.example:8443",
    "https://partner.example.evil.test",
    "https://evilpartner.example",
    "https://evil.partner.example",
    "https://partner.example.",
    "https://PARTNER.example",
    "https://partner.example/",
    "https://user@partner.example",
    "https://partner.example`.evil.test",
    "https://partner_example",
    "https://partner%2eexample",
    "https://pаrtner.example",
    "https://partner.example, https://evil.test",
    "https://partner.example https://evil.test",
    "chrome-extension://partner.example",
    "file://",
    "http://localhost:5174",
    "http://localhost",
    "https://preview.example",
    "https://.preview.example",
    "https://a.b.preview.example",
    "https://-a.preview.example",
    "https://a_b.preview.example",
    "https://evil.test/.preview.example",
    "https://evil.test#.preview.example",
    "https://evil.test?.preview.example",
    "https://a@b.preview.example",
    "https://a:80.preview.example",
    "https://A.preview.example",
    "https://pr.preview.example:8443",
    "https://pr.preview.example\n",
  ])("takes %j for foreign", (origin) => {
    expect(allows(origin)).toBe(false);
  });

  test("takes nothing that a URL parser reads as another host than the declared ones", () => {
    const piece = fc.constantFrom(
      "https://",
      "http://",
      "partner",
      ".example",
      ".preview.example",
      "evil",
      ".",
      ":",
      "@",
      "/",
      "%",
      "a",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const origin = pieces.join("");
        if (!allows(origin)) return;
        const { hostname, protocol } = new URL(origin);
        expect(protocol).toBe("https:");
        expect(hostname === "partner.example" || /^[^.]+\.preview\.example$/.test(hostname)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
