import { describe, expect, test } from "vitest";
import { parseSource } from "./source.ts";
import { type Directives, type SourceDirective, sourceDirectives } from "./directives.ts";
import { thirdParties } from "./third-parties.ts";

describe("a source of a directive", () => {
  test.each<[SourceDirective, string]>([
    ["img-src", "'self'"],
    ["img-src", "data:"],
    ["worker-src", "blob:"],
    ["script-src", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
    ["script-src", "'wasm-unsafe-eval'"],
    ["script-src", "https://js.stripe.com/v3/"],
    ["connect-src", "wss://live.example:8443"],
    ["connect-src", "http://127.0.0.1:4104"],
    ["img-src", "https://*.imgix.net"],
    ["frame-src", "'none'"],
  ])("%s may have %s", (directive, source) => expect(parseSource(directive, source)).toBe(source));

  test.each<[SourceDirective, string, RegExp]>([
    ["script-src", "'unsafe-inline'", /injected script/],
    ["style-src", "'unsafe-inline'", /injected script or style/],
    ["script-src", "'unsafe-eval'", /turns any text into code/],
    ["script-src", "'unsafe-hashes'", /addEventListener/],
    ["script-src", "'strict-dynamic'", /strictDynamic/],
    ["script-src", "'nonce-abc'", /means nothing/],
    ["img-src", "*", /everybody/],
    ["img-src", "https:", /whoever can write an address/],
    ["script-src", "data:", /whoever can write an address/],
    ["frame-src", "blob:", /whoever can write an address/],
    ["script-src", "https://*.example.com", /one by one/],
    ["img-src", "https://*", /one by one/],
    ["img-src", "https://a.*.example", /one by one/],
    ["img-src", "http://images.example", /over TLS/],
    ["img-src", "images.example", /over TLS/],
    ["img-src", "https://images.example?x=1", /over TLS/],
    ["img-src", "https://images.example/a; script-src *", /./],
    ["connect-src", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", /means nothing/],
    ["img-src", "", /over TLS/],
  ])("%s may not have %s", (directive, source, why) => {
    let parsed: string | undefined;
    try {
      parsed = parseSource(directive, source);
    } catch (error) {
      expect((error as Error).message).toMatch(why);
    }
    // Whatever is taken after all holds nothing that could begin another directive.
    if (parsed !== undefined) expect(parsed).not.toMatch(/[;,\s]/);
  });
});

test("what services need is judged like what a policy's author writes", () => {
  for (const needs of Object.values<Directives>(thirdParties)) {
    for (const directive of sourceDirectives) {
      for (const source of needs[directive] ?? [])
        expect(parseSource(directive, source)).toBe(
          source.replace(/(?<=\w)\/$/, (end) => (new URL(source).pathname === "/" ? "" : end)),
        );
    }
  }
});
