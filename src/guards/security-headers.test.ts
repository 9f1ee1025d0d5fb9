import { describe, expect, test } from "vitest";
import { fakePrincipal, fakeRoute } from "../../test/support/exchange.ts";
import { respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { banners, securityHeaders } from "./security-headers.ts";

testGuard(securityHeaders, { passes: [{ name: "everything: it only adds", options: undefined }], denies: [] });

const page = { route: { ...fakeRoute, page: true } };
const html = { "content-type": "text/html" };

describe("what browsers are told", () => {
  test("a data answer is not guessed at, not framed, and told over TLS only", async () => {
    const { headers } = await respond(securityHeaders, undefined, {});
    expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains; preload");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("permissions-policy")).toBeUndefined();
  });

  test("a page is kept apart from the pages that opened it, and has no camera", async () => {
    const { headers } = await respond(securityHeaders, undefined, { response: { headers: html } }, page);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
  });

  test("a page may be isolated from what does not consent to be embedded", async () => {
    const init = { response: { headers: html } };
    const { headers } = await respond(securityHeaders, { embedderPolicy: "require-corp" }, init, page);
    expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  });

  test("a sign-out that worked is forgotten by the browser, one that failed is not", async () => {
    const options = { clearSiteData: ["cache", "storage"] } as const;
    const clearing = async (status: number) =>
      (
        await respond(securityHeaders, { clearSiteData: [...options.clearSiteData] }, { response: { status } })
      ).headers.get("clear-site-data");
    expect([await clearing(204), await clearing(500)]).toEqual(['"cache", "storage"', undefined]);
  });

  test("no cache keeps a refusal on a page's route", async () => {
    const refused = { response: { status: 403, origin: "gateway" as const } };
    expect((await respond(securityHeaders, undefined, refused, page)).headers.get("cache-control")).toBe("no-store");
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
