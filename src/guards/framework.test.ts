import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "../../test/support/exchange.ts";
import { respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { frameworks } from "../lib/patches/frameworks.ts";
import {
  call,
  type Case,
  env,
  form,
  image,
  multipart,
  next,
  page,
  type PatchCases,
} from "../../test/support/patches/cases.ts";
import { nextActions } from "../../test/support/patches/next-actions.ts";
import { nextImages } from "../../test/support/patches/next-images.ts";
import { otherFrameworks } from "../../test/support/patches/others.ts";
import { framework } from "./framework.ts";
import { PASS } from "./contract/verdict.ts";

const judged: PatchCases = { ...nextActions, ...nextImages, ...otherFrameworks };
const all = Object.values(judged);
testGuard(framework, {
  passes: all.flatMap(({ passes }) => passes.map((each) => ({ ...each, env }))),
  denies: all.flatMap(({ denies }) =>
    denies.map((each) => ({ ...each, env, problem: each.problem ?? "access-denied" })),
  ),
});

async function ask(options: Case["options"], exchange: FakeExchangeInit) {
  const fake = fakeExchange(exchange);
  const hooks = framework.create(framework.options.parse(options), fakeEnv({ ...env, route: fake.route }));
  return { verdict: await hooks.request?.(fake), fake, hooks };
}

describe("what the patches take off", () => {
  test.each([
    ["next", "x-middleware-subrequest"],
    ["next", "x-middleware-rewrite"],
    ["next", "next-resume"],
    ["next", "x-nextjs-data"],
    ["next", "x-now-route-matches"],
    ["next", "x-invoke-path"],
    ["next", "x-matched-path"],
    ["next", "location"],
    ["nuxt", "x-nuxt-no-ssr"],
    ["nuxt", "x-nitro-prerender"],
    ["astro", "x-astro-locals"],
    ["react-router", "x-react-router-spa-mode"],
    ["react-router", "x-react-router-prerender-data"],
    ["react-router", "x-remix-reload-document"],
    ["sveltekit", "x-sveltekit-prerender"],
  ] as const)("%s: the header %s, even where a route forwards it", async (name, header) => {
    const { verdict, fake } = await ask(name, { headers: { [header]: "1", accept: "text/html" } });
    expect(verdict).toEqual(PASS);
    expect(fake.upstreamRequest.headers.has(header)).toBe(false);
    expect(fake.upstreamRequest.headers.get("accept")).toBe("text/html");
  });

  test.each(["nxtPslug", "nxtIlocale", "NXTPslug", "__nextDataReq", "__nextLocale"])(
    "next: the query key %s",
    async (key) => {
      const { fake } = await ask("next", {
        query: [
          [key, "x"],
          ["page", "2"],
        ],
      });
      expect(fake.upstreamRequest.query).toBe("page=2");
    },
  );

  test("credentials from calls of picture optimizers", async () => {
    const headers = { cookie: "session=1", authorization: "Bearer x", accept: "image/avif" };
    const exchanges: readonly (readonly [Case["options"], FakeExchangeInit])[] = [
      ["next", { ...image({ url: "/x.png", w: "640", q: "75" }), headers }],
      ["nuxt", { path: "/_ipx/w_200/x.png", headers }],
      ["astro", { ...image({ href: "/x.png" }, "/_image"), headers }],
    ];
    for (const [options, exchange] of exchanges) {
      const { verdict, fake } = await ask(options, exchange);
      expect(verdict).toEqual(PASS);
      expect(fake.upstreamRequest.headers.flat).toEqual(["accept", "image/avif"]);
    }
  });
});

describe("what the framework's client adds", () => {
  const tree = encodeURIComponent(JSON.stringify(["", { children: ["cart", {}] }, null, null, true]));

  test.each([
    ["next", "rsc", "1"],
    ["next", "next-router-prefetch", "1"],
    ["next", "next-router-state-tree", tree],
    ["next", "next-router-segment-prefetch", "/_tree"],
    ["next", "next-url", "/en/shop?a=b"],
    ["next", "x-deployment-id", "dpl_8Kd"],
    ["sveltekit", "x-sveltekit-action", "true"],
  ] as const)("%s: %s: %s goes upstream", async (name, header, value) => {
    const { verdict, hooks } = await ask(name, { headers: { [header]: value }, route: page });
    expect(verdict).toEqual(PASS);
    expect(hooks.claims?.headers).toContain(header);
  });

  test.each([
    ["rsc", "2"],
    ["rsc", "1, 1"],
    ["next-router-prefetch", "x"],
    ["next-router-state-tree", '["",{}]'],
    ["next-router-state-tree", `%5B${"A".repeat(9000)}`],
    ["next-url", "//evil.example"],
    ["next-url", "https://evil.example"],
    ["next-url", "/a/../admin"],
    ["next-url", "/\\evil.example"],
    ["next-router-segment-prefetch", "x"],
    ["x-deployment-id", "a b"],
  ])("%s: %s is refused", async (header, value) => {
    const { verdict } = await ask("next", { headers: { [header]: value }, route: page });
    expect(verdict).toMatchObject({ kind: "deny", problem: "invalid-headers" });
  });

  test("its query key goes upstream although the route's own query guard took it out, and only in its form", async () => {
    const { verdict, fake } = await ask("next", {
      claimedQuery: [["_rsc", "1x2y3"]],
      upstreamRequest: { query: "page=2" },
    });
    expect([verdict, fake.upstreamRequest.query]).toEqual([PASS, "page=2&_rsc=1x2y3"]);
    const odd = await ask("next", { claimedQuery: [["_rsc", "../x"]] });
    expect(odd.verdict).toMatchObject({ kind: "deny", problem: "invalid-query" });
  });

  test("a judged form goes upstream with framing of our own", async () => {
    const { fake } = await ask(next, call(form({ "0": '["x"]' }), multipart));
    const sent = Buffer.from(fake.upstreamRequest.body ?? []).toString();
    const boundary = `headgate-${"07".repeat(16)}`;
    expect(fake.upstreamRequest.headers.get("content-type")).toBe(`multipart/form-data; boundary=${boundary}`);
    expect(sent).toBe(`--${boundary}\r\nContent-Disposition: form-data; name="0"\r\n\r\n["x"]\r\n--${boundary}--\r\n`);
    expect(fake.upstreamRequest.headers.get("content-length")).toBe(String(sent.length));
  });

  test("a body beyond its bound is not read to its end", async () => {
    const { verdict } = await ask({ ...next, maxActionBytes: "1kb" }, call("x")).catch((error: unknown) => ({
      verdict: error,
    }));
    expect(verdict).toEqual(PASS);
    const large = call(`["${"x".repeat(2000)}"]`);
    await expect(ask({ ...next, maxActionBytes: "1kb" }, large)).rejects.toMatchObject({ code: "body-too-large" });
  });
});

describe("what the patches change of answers", () => {
  const answer = (headers: Readonly<Record<string, string>>) => ({ response: { headers, body: "x" }, route: page });

  test("component data is kept by no cache and tells what it depends on", async () => {
    const exchange = {
      ...answer({ "content-type": "text/x-component", "cache-control": "s-maxage=31536000" }),
      headers: { rsc: "1" },
    };
    const { headers } = await respond(framework, "next", exchange);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(headers.get("vary")).toBe(
      "RSC, Next-Router-State-Tree, Next-Router-Prefetch, Next-Router-Segment-Prefetch, Next-Url",
    );
  });

  test("component data that nobody asked for is kept by no cache either", async () => {
    const { headers } = await respond(framework, "next", answer({ "content-type": "text/x-component" }));
    expect(headers.get("cache-control")).toBe("private, no-store");
  });

  test("a page may be kept, but not in place of its component data", async () => {
    const { headers } = await respond(
      framework,
      "next",
      answer({ "content-type": "text/html", "cache-control": "s-maxage=60", vary: "RSC" }),
    );
    expect(headers.get("cache-control")).toBe("s-maxage=60");
    expect(headers.get("vary")).toMatch(/^RSC, Next-Router-State-Tree/);
  });

  test("what tells about the inside is taken off, what the client reads stays", async () => {
    const inner = {
      "x-nextjs-cache": "HIT",
      "x-middleware-rewrite": "/x",
      "x-nextjs-stale-time": "300",
      "x-other": "1",
    };
    const document = await respond(framework, "next", answer({ "content-type": "text/html", ...inner }));
    expect([...document.headers.keys()].filter((name) => name.startsWith("x-"))).toEqual(["x-other"]);
    const component = await respond(framework, "next", {
      ...answer({ "content-type": "text/x-component", ...inner }),
      headers: { rsc: "1" },
    });
    expect([...component.headers.keys()].filter((name) => name.startsWith("x-"))).toEqual([
      "x-nextjs-stale-time",
      "x-other",
    ]);
  });
});

test.each([
  ["no JSON", "the manifest of server actions is no JSON"],
  ["{}", "lists no runtime"],
  ["[]", "lists no runtime"],
  ['{"node":{"x":{}}}', "ids of an unknown form"],
])("a manifest that is %s stops the start", (text, message) => {
  const create = () => framework.create(framework.options.parse(next), fakeEnv({ file: () => text }));
  expect(create).toThrow(message);
});

describe("every patch", () => {
  const patches = Object.values(frameworks).flatMap(({ name, patches: list }) =>
    list.map((patch) => ({ framework: name, ...patch })),
  );

  test("has a name of its own that begins with its framework, a date, and advisories by their names", () => {
    expect(new Set(patches.map(({ id }) => id)).size).toBe(patches.length);
    for (const { by, cves, date, framework: name, id, request, response, stops } of patches) {
      expect(id.startsWith(`${name}-`), id).toBe(true);
      expect(date, id).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(stops, id).toMatch(/^[A-Z].*\.$/);
      for (const cve of cves) expect(cve, id).toMatch(/^CVE-20\d\d-\d{4,6}$/);
      // What stops it stands in the patch, or the patch says where.
      expect((request ?? response) === undefined, id).toBe(by !== undefined);
    }
  });

  test("that refuses is shown to refuse and to let through", () => {
    const changing = /-(?:internal-headers|internal-query|component-caching|inner-answers)$/;
    const refusing = patches.filter(({ id, request }) => request && !changing.test(id)).map(({ id }) => id);
    expect(Object.keys(judged).sort()).toEqual(refusing.sort());
    for (const [id, { denies, passes }] of Object.entries(judged)) {
      expect([denies.length > 0, passes.length > 0], id).toEqual([true, true]);
    }
  });
});

test("an empty exchange costs no promise", () => {
  for (const name of Object.keys(frameworks)) {
    const hooks = framework.create(framework.options.parse(name), fakeEnv());
    expect(hooks.request?.(fakeExchange())).toEqual(PASS);
  }
});
