import { describe, expect, test } from "vitest";
import { fakePrincipal, fakeRoute } from "../../test/support/exchange.ts";
import { respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { banners, securityHeaders } from "./security-headers.ts";

testGuard(securityHeaders, { passes: [{ name: "everything: it only adds", options: undefined }], denies: [] });

const page = { route: { ...fakeRoute, page: true } };
const html = { "content-type": "text/html" };

describe("what browsers are told", () => {
  test("a data answer can neither run nor be framed", async () => {
    const { headers } = await respond(securityHeaders, undefined, {});
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains; preload");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  test("a page keeps its own content policy, and gets a least one where it has none", async () => {
    const own = { response: { headers: { ...html, "content-security-policy": "script-src 'self'" } } };
    expect((await respond(securityHeaders, undefined, own, page)).headers.get("content-security-policy")).toBe(
      "script-src 'self'",
    );
    const none = await respond(securityHeaders, undefined, { response: { headers: html } }, page);
    expect(none.headers.get("content-security-policy")).toBe(
      "frame-ancestors 'none'; base-uri 'self'; object-src 'none'",
    );
    expect(none.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  });

  test("a refusal on a page's route is a data answer, and no cache keeps it", async () => {
    const refused = { response: { status: 403, origin: "gateway" as const } };
    const { headers } = await respond(securityHeaders, undefined, refused, page);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("answers to known callers are not kept by caches unless the upstream says how", async () => {
    const principal = fakePrincipal({ subject: "alice" });
    expect((await respond(securityHeaders, undefined, { principal })).headers.get("cache-control")).toBe("no-store");
    const said = { principal, response: { headers: { "cache-control": "private, max-age=5" } } };
    expect((await respond(securityHeaders, undefined, said)).headers.get("cache-control")).toBe("private, max-age=5");
    expect((await respond(securityHeaders, undefined, {})).headers.get("cache-control")).toBeUndefined();
  });

  test.each(banners)("%s does not leave", async (name) => {
    const { headers } = await respond(securityHeaders, undefined, {
      response: { headers: { [name]: "Express 4.16", "x-kept": "1" } },
    });
    expect([headers.get(name), headers.get("x-kept")]).toEqual([undefined, "1"]);
  });

  test("what the upstream said of the same headers is replaced, however often it said it", async () => {
    const flat = ["x-frame-options", "ALLOWALL", "x-frame-options", "SAMEORIGIN", "x-content-type-options", "sniff"];
    const { headers } = await respond(securityHeaders, { frame: "same-origin" }, { response: { headers: flat } });
    expect([headers.get("x-frame-options"), headers.get("x-content-type-options")]).toEqual(["SAMEORIGIN", "nosniff"]);
  });
});
