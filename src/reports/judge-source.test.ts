import fc from "fast-check";
import { expect, test } from "vitest";
import { cspDirectives } from "./csp-violation.ts";
import { familyOf, judgeSource } from "./judge-source.ts";

const site = new Set(["https://shop.example"]);

test.each([
  ["img-src", "https://images.example/a/b.png", "https://images.example"],
  ["script-src-elem", "https://js.stripe.com/v3", "https://js.stripe.com"],
  ["connect-src", "wss://push.example:8443/socket", "wss://push.example:8443"],
  ["style-src-elem", "https://shop.example/app.css", "'self'"],
  ["img-src", "data:", "data:"],
  ["font-src", "data:", "data:"],
  ["media-src", "blob:", "blob:"],
  ["font-src", "https://www.gstatic.com/x.woff2", "https://www.gstatic.com"],
  ["form-action", "https://pay.example/go", "https://pay.example"],
])("%s %s is proposed as %s", (directive, blocked, source) => {
  expect(judgeSource(directive, blocked, site)).toEqual({ source });
});

test.each([
  ["script-src-elem", "inline", "nonce"],
  ["script-src-attr", "inline", "addEventListener"],
  ["style-src-elem", "inline", "nonce or a hash"],
  ["style-src-attr", "inline", "class"],
  ["script-src", "eval", "'unsafe-eval' turns text into code"],
  ["script-src", "wasm-eval", "by hand"],
  ["script-src-elem", "data:", "write the content"],
  ["script-src-elem", "blob:", "write the content"],
  ["worker-src", "blob:", "write the content"],
  ["frame-src", "data:", "write the content"],
  ["style-src", "data:", "write the content"],
  ["connect-src", "filesystem:", "write the content"],
  ["img-src", "http://images.example/x.png", "over TLS"],
  ["connect-src", "ws://push.example/", "over TLS"],
  ["script-src-elem", "https://cdn.jsdelivr.net/npm/x", "Anybody's scripts"],
  ["script-src-elem", "https://unpkg.com/x", "Anybody's scripts"],
  ["connect-src", "https://192.168.1.7/status", "local network"],
  ["connect-src", "https://localhost:3000/x", "local network"],
  ["connect-src", "https://[::1]/x", "local network"],
  ["connect-src", "https://printer/x", "local network"],
  ["object-src", "https://plugins.example/x.swf", "Plugins"],
  ["base-uri", "https://elsewhere.example", "base"],
  ["frame-ancestors", "https://framer.example", "for you to decide"],
  ["require-trusted-types-for", "trusted-types-sink", "Clean it"],
  ["trusted-types", "trusted-types-policy", "by hand"],
  ["sandbox", "", "by hand"],
  ["img-src", "https://*.example/x", "cannot be read"],
  ["img-src", "https://a.example;script-src", "cannot be read"],
  ["img-src", `https://a.example", "https://evil.example`, "cannot be read"],
  ["img-src", "*", "cannot be read"],
  ["img-src", "'unsafe-inline'", "cannot be read"],
  ["img-src", "something unreadable", "cannot be read"],
])("%s %s is refused with the reason", (directive, blocked, why) => {
  const judged = judgeSource(directive, blocked, site);
  expect(judged).toHaveProperty("why");
  expect("why" in judged && judged.why).toContain(why);
});

test("whatever is reported, what is proposed is one exact source and never one that ends a policy", () => {
  const blocked = fc.oneof(
    fc.webUrl({ validSchemes: ["http", "https", "ws", "wss", "data"] }),
    fc.string({ unit: "binary" }),
    fc.constantFrom("inline", "eval", "*", "https:", "data:", "blob:", "https://*", "'unsafe-inline'", "https://a b/"),
    fc.string().map((text) => `https://${text}/`),
  );
  fc.assert(
    fc.property(fc.constantFrom(...cspDirectives), blocked, (directive, text) => {
      const judged = judgeSource(directive, text, site);
      if ("why" in judged) return;
      expect(judged.source).toMatch(/^(?:'self'|data:|blob:|(?:https|wss):\/\/[a-z0-9.-]+(?::\d+)?)$/);
      if (["script-src", "style-src", "default-src"].includes(familyOf(directive)))
        expect(judged.source).not.toMatch(/^(?:data|blob):/);
    }),
    { numRuns: 2000 },
  );
});
