/** Sessions over sockets, at a real OpenID provider: who is let in, who is not, and what survives. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { problemOf } from "../support/gateway.ts";
import { sessionPath, startSessionSite } from "../support/session-site.ts";

const cookie = "__Host-headgate-session";

describe("a sign-in", () => {
  test("leads back to the page it came from, and the upstream gets the token and no cookie", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    const callback = await browser.signIn("bob", "?returnTo=/orders%3Fpage=2");
    expect([callback.status, callback.headers["location"], callback.headers["cache-control"]]).toEqual([
      303,
      "/orders?page=2",
      "no-store",
    ]);
    browser.cookies.set("theme", "dark");
    const { status, text } = await browser.call("GET /api/echo");
    expect(status).toBe(200);
    const { headers } = JSON.parse(text) as { headers: Record<string, string> };
    expect(headers["cookie"]).toBe("theme=dark");
    expect(headers["authorization"]).toMatch(/^Bearer eyJ/);
    expect([...browser.cookies.keys()].toSorted()).toEqual([cookie, "theme"]);
  });

  test("gives the upstream no cookie where the call has a token of its own, either", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const token = await site.identity.issueToken("alice");
    const { text } = await browser.call("GET /api/echo", { authorization: `Bearer ${token}` });
    const { headers } = JSON.parse(text) as { headers: Record<string, string> };
    expect([headers["authorization"], headers["cookie"]]).toEqual([`Bearer ${token}`, undefined]);
  });

  test("gives a new id to a browser that had one", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const first = browser.cookies.get(cookie) ?? "";
    await browser.signIn("bob");
    expect(browser.cookies.get(cookie)).not.toBe(first);
    browser.cookies.set(cookie, first);
    expect((await browser.call("GET /api/echo")).status).toBe(401);
  });

  test.each([
    ["another site", "?returnTo=https://evil.example/"],
    ["another site without a scheme", "?returnTo=//evil.example"],
    ["another site by a backslash", "?returnTo=/%5Cevil.example"],
    ["another site by a tab", "?returnTo=/%09/evil.example"],
    ["a script", "?returnTo=javascript:alert(1)"],
    ["two pages", "?returnTo=/a&returnTo=/b"],
    ["what nobody knows", "?prompt=none"],
    ["an age that is none", "?maxAge=-1"],
  ])("does not lead to %s", async (_, query) => {
    const site = await startSessionSite();
    const answer = await site.openBrowser().call(`GET ${sessionPath}/login${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers["location"]).toBeUndefined();
  });

  test("leads to listed pages only", async () => {
    const site = await startSessionSite({ sessions: { returnTo: ["/account", "/orders/"] } });
    const browser = site.openBrowser();
    const statuses = await Promise.all(
      ["/account", "/account/7", "/orders/7?x=1", "/accounts", "/", "/account/../admin"].map(
        async (path) => (await browser.call(`GET ${sessionPath}/login?returnTo=${encodeURIComponent(path)}`)).status,
      ),
    );
    expect(statuses).toEqual([303, 303, 303, 400, 400, 400]);
  });
});

describe("nobody is signed in by error", () => {
  test.each<[string, (callback: URL) => void]>([
    ["a state of another sign-in", (callback) => callback.searchParams.set("state", "x".repeat(43))],
    ["no state", (callback) => callback.searchParams.delete("state")],
    ["a code that was never given", (callback) => callback.searchParams.set("code", "x".repeat(43))],
    ["the answer of another provider", (callback) => callback.searchParams.set("iss", "https://evil.example")],
    ["no issuer, where the provider always names itself", (callback) => callback.searchParams.delete("iss")],
    [
      "an error of the provider",
      (callback) => (callback.searchParams.delete("code"), callback.searchParams.set("error", "access_denied")),
    ],
  ])("%s", async (_, change) => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    const callback = await browser.goToProvider("bob");
    change(callback);
    const answer = await browser.call(`GET ${callback.pathname}${callback.search}`);
    expect([answer.status, problemOf({ body: answer.text })]).toEqual([400, "sign-in-refused"]);
    expect(browser.cookies.has(cookie)).toBe(false);
  });

  test("an answer that was used, and one of another browser", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    const callback = await browser.goToProvider("bob");
    const pending = new Map(browser.cookies);
    const stranger = site.openBrowser();
    expect((await stranger.call(`GET ${callback.pathname}${callback.search}`)).status).toBe(400);
    expect((await browser.call(`GET ${callback.pathname}${callback.search}`)).status).toBe(303);
    const again = site.openBrowser();
    for (const [name, value] of pending) again.cookies.set(name, value);
    expect((await again.call(`GET ${callback.pathname}${callback.search}`)).status).toBe(400);
    expect(again.cookies.has(cookie)).toBe(false);
  });

  test("forged, doubled and oversized cookies", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const id = browser.cookies.get(cookie) ?? "";
    for (const forged of [
      "x".repeat(43),
      id.slice(1),
      `${id}x`,
      id.toLowerCase(),
      `"${id}"`,
      "",
      "%00",
      "x".repeat(4000),
    ]) {
      expect([
        forged,
        (await site.openBrowser().call("GET /api/echo", { cookie: `${cookie}=${forged}` })).status,
      ]).toEqual([forged, 401]);
    }
    const twice = { cookie: `${cookie}=${id}; ${cookie}=${"x".repeat(43)}` };
    expect((await site.openBrowser().call("GET /api/echo", twice)).status).toBe(401);
    const bomb = {
      cookie: `${cookie}=${id}; ${Array.from({ length: 150 }, (_, at) => `a${at}=${"x".repeat(60)}`).join("; ")}`,
    };
    expect([200, 431]).toContain((await site.openBrowser().call("GET /api/echo", bomb)).status);
  });

  test("what a page of another site makes the browser do", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    for (const foreign of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "", "sec-fetch-site": "cross-site" },
    ]) {
      const answer = await browser.call("POST /api/echo", foreign, "{}");
      expect([foreign, answer.status]).toEqual([foreign, 403]);
      expect([foreign, (await browser.call(`POST ${sessionPath}/logout`, foreign)).status]).toEqual([foreign, 403]);
    }
    expect((await browser.call("POST /api/echo", {}, "{}")).status).toBe(200);
  });

  test("ten thousand ids that nobody has, and nobody else is signed out by them", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const stranger = site.openBrowser();
    const statuses = new Set<number>();
    for (let round = 0; round < 100; round += 1) {
      const ids = Array.from({ length: 100 }, (_, at) => String(round * 100 + at).padStart(43, "A"));
      const answers = await Promise.all(ids.map((id) => stranger.call("GET /api/echo", { cookie: `${cookie}=${id}` })));
      for (const { status } of answers) statuses.add(status);
    }
    expect(statuses).toEqual(new Set([401]));
    expect((await browser.call("GET /api/echo")).status).toBe(200);
  });
});

describe("tokens are renewed", () => {
  test("once for a hundred calls at the end of the token", async () => {
    const site = await startSessionSite({ tokenSeconds: 2 });
    const browser = site.openBrowser();
    await browser.signIn("bob");
    await wait(2200);
    const answers = await Promise.all(Array.from({ length: 100 }, () => browser.call("GET /api/echo")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const tokens = answers.map(
      ({ text }) => (JSON.parse(text) as { headers: Record<string, string> }).headers["authorization"],
    );
    expect(new Set(tokens).size).toBe(1);
    expect(site.grants).toEqual(["authorization_code", "refresh_token"]);
  });

  test("and the session is over when the provider takes its word back", async () => {
    const site = await startSessionSite({ tokenSeconds: 1 });
    const browser = site.openBrowser();
    await browser.signIn("bob");
    await site.identity.stop();
    await wait(1200);
    // The provider cannot be asked: nobody is signed out by that.
    expect((await browser.call("GET /api/echo")).status).toBe(503);
    expect(JSON.parse((await browser.call(`GET ${sessionPath}`)).text)).toMatchObject({ signedIn: true });
  });
});

describe("a route that wants a fresh login", () => {
  test("says so to a session that is older, and is content with the next sign-in", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    await wait(5100);
    const stale = await browser.call("GET /api/fresh");
    expect([stale.status, problemOf({ body: stale.text })]).toEqual([401, "login-required"]);
    expect(stale.headers["www-authenticate"]).toContain('error="insufficient_user_authentication", max_age="4"');
    expect((await browser.call("GET /api/echo")).status).toBe(200);
    await browser.signIn("bob", "?maxAge=0");
    expect((await browser.call("GET /api/fresh")).status).toBe(200);
  });
});

describe("sessions end", () => {
  test("when they were idle for too long, and when they are too old", async () => {
    const site = await startSessionSite({ sessions: { idle: "1s" } });
    const browser = site.openBrowser();
    await browser.signIn("bob");
    expect((await browser.call("GET /api/echo")).status).toBe(200);
    await wait(1100);
    expect((await browser.call("GET /api/echo")).status).toBe(401);
  });

  test("by signing out, once and again", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const out = await browser.call(`POST ${sessionPath}/logout`);
    expect([out.status, out.headers["clear-site-data"]]).toEqual([200, '"cache", "storage"']);
    expect((await browser.call("GET /api/echo")).status).toBe(401);
    expect((await browser.call(`POST ${sessionPath}/logout`)).status).toBe(200);
  });

  test("when the provider says so, once for each of its words", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const logout = (claims: object) => site.identity.issueToken("bob", { claims: { aud: "storefront", ...claims } });
    const event = { events: { "http://schemas.openid.net/event/backchannel-logout": {} } };
    const send = async (token: string) =>
      (await site.openBrowser().call(`POST ${sessionPath}/back-channel-logout`, form, `logout_token=${token}`)).status;
    const form = { "content-type": "application/x-www-form-urlencoded", origin: site.identity.issuer };
    const refused = [
      await logout({}),
      await logout({ ...event, nonce: "x" }),
      await logout({ ...event, aud: "another" }),
      await logout({ ...event, iss: "https://evil.example" }),
      await logout({ ...event, iat: 1_700_000_000 }),
      "rubbish",
    ];
    for (const token of refused) expect(await send(token)).toBe(400);
    expect((await browser.call("GET /api/echo")).status).toBe(200);
    const good = await logout(event);
    expect(await send(good)).toBe(200);
    expect((await browser.call("GET /api/echo")).status).toBe(401);
    expect(await send(good)).toBe(400);
  });

  test("not by a reload of the policy", async () => {
    const site = await startSessionSite();
    const browser = site.openBrowser();
    await browser.signIn("bob");
    const policy = JSON.parse(
      await import("node:fs").then(({ readFileSync }) => readFileSync(site.gateway.policyFile, "utf8")),
    ) as { routes: unknown[] };
    site.gateway.rewrite({
      ...policy,
      routes: [...policy.routes, { match: "GET /new", to: "backend", access: { kind: "anyone" } }],
    });
    await expect.poll(async () => (await browser.call("GET /new")).status, { timeout: 5000 }).toBe(200);
    expect((await browser.call("GET /api/echo")).status).toBe(200);
  });

  test("by a restart where they are in memory, and not where they are in a file", async () => {
    const inMemory = await startSessionSite();
    const forgotten = inMemory.openBrowser();
    await forgotten.signIn("bob");
    await inMemory.restart();
    expect((await forgotten.call("GET /api/echo")).status).toBe(401);

    process.env["TEST_SESSION_KEY"] = "0123456789abcdef0123456789abcdef";
    const file = join(mkdtempSync(join(tmpdir(), "headgate-sessions-")), "sessions.db");
    const key = { kind: "secret", uri: "env://TEST_SESSION_KEY" };
    const inFile = await startSessionSite({ sessions: { store: { file, key } } });
    const kept = inFile.openBrowser();
    await kept.signIn("bob");
    await inFile.restart();
    expect((await kept.call("GET /api/echo")).status).toBe(200);
  });
});
