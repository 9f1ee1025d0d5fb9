import { describe, expect, test } from "vitest";
import type { Answer, Denial, Verdict } from "../guards/contract/verdict.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import type { RouteView } from "../guards/contract/exchange.ts";
import type { Stage } from "../guards/guard.ts";
import { deny, PASS } from "../guards/contract/verdict.ts";
import { HeadgateError } from "../lib/error.ts";
import { HeaderList } from "../lib/header-list.ts";
import { readResponseJson, writeResponseJson } from "../lib/response-json.ts";
import { compilePolicy } from "../policy/compile.ts";
import { parsePattern } from "../policy/pattern.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { createGateway } from "./gateway.ts";
import type { Incoming } from "./incoming.ts";
import type { Plan, RequestStep, ResponseStep, RoutePlan } from "./plan.ts";
import { createRouter } from "./router.ts";

const clock = { now: () => 1000, sleep: () => Promise.resolve() };

function fromUpstream(more: Partial<GatewayResponse> = {}): GatewayResponse {
  return { status: 200, headers: new HeaderList(), body: new TextEncoder().encode("ok"), origin: "upstream", ...more };
}

function upstreamThat(answer: () => GatewayResponse): Upstream & { calls: number } {
  const upstream = {
    name: "backend",
    calls: 0,
    circuit: "closed" as const,
    close: () => Promise.resolve(),
    upgrade: () => Promise.reject(new Error("no")),
    send: () => {
      upstream.calls += 1;
      return new Promise<GatewayResponse>((resolve) => resolve(answer()));
    },
  };
  return upstream;
}

const ask = (guard: string, run: RequestStep["run"], more: Partial<RequestStep> = {}): RequestStep => ({
  guard,
  stage: "access" as Stage,
  reportOnly: false,
  run,
  ...more,
});
const mark = (guard: string, run?: ResponseStep["run"], more: Partial<ResponseStep> = {}): ResponseStep => ({
  guard,
  stage: "headers",
  reportOnly: false,
  run: run ?? ((exchange) => exchange.response.headers.append("x-seen-by", guard)),
  ...more,
});

/** A plan with one route, `GET /x`, and a fallback; steps are given by hand. */
function planWith(route: Partial<RoutePlan>, fallback: Partial<RoutePlan> = {}): Plan {
  const policy = compilePolicy({
    site: "https://shop.example",
    upstreams: { backend: { url: "http://127.0.0.1:1" } },
    routes: [{ match: "GET /x", to: "backend", access: { kind: "anyone" } }],
  });
  const view: RouteView = { id: "GET /x", pattern: "/x", methods: ["GET"], page: false, files: false };
  const base = {
    view,
    request: [],
    outerSteps: 0,
    response: [],
    claims: [],
    passes: new Set<string>(),
    send: { decode: false, events: false },
    protocol: "http" as const,
    refusal: undefined,
    messages: undefined,
  };
  const target: RoutePlan = { ...base, upstream: upstreamThat(() => fromUpstream()), ...route };
  return {
    policy,
    pagesOf: [],
    router: createRouter([{ pattern: parsePattern("GET /x"), target }]),
    fallback: { ...base, view: { ...view, id: "no route" }, upstream: undefined, ...fallback },
  };
}

function incoming(more: Partial<Incoming> & { headers?: HeaderList } = {}): Incoming {
  return {
    method: "GET",
    target: "/x",
    headers: new HeaderList(["host", "shop.example"]),
    body: {
      present: false,
      declaredLength: undefined,
      limit: () => undefined,
      read: () => Promise.reject(new Error("read")),
      stream: () => [] as never,
    },
    client: { address: "192.0.2.1", key: "192.0.2.1" },
    secure: true,
    upgrade: undefined,
    refusal: undefined,
    ...more,
  };
}

async function run(plan: Plan, request: Incoming = incoming()) {
  const exchange = await createGateway(plan, { clock }).handle(request);
  const { body } = exchange.response;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
  return { exchange, status: exchange.response.status, text, seenBy: exchange.response.headers.getAll("x-seen-by") };
}

const refusal: Denial = deny("access-denied", "because");
const answer: Answer = {
  kind: "respond",
  reason: "preflight",
  response: { status: 204, headers: new HeaderList(), body: null, origin: "gateway" },
};

describe("the form of refusals", () => {
  const form: RoutePlan["refusal"] = ({ problem, status, requestId }) => ({
    contentType: "text/plain",
    body: `${problem} ${status} ${requestId}`,
  });

  test("is that of the route, whoever refuses and whatever fails", async () => {
    const refused = await run(planWith({ refusal: form, request: [ask("a", () => refusal)] }));
    expect([refused.status, refused.text]).toEqual([403, `access-denied 403 ${refused.exchange.id}`]);
    expect(refused.exchange.response.headers.get("content-type")).toBe("text/plain");
    const failing = upstreamThat(() => {
      throw new Error("connect ECONNREFUSED 10.0.0.5:4000");
    });
    const failed = await run(planWith({ refusal: form, upstream: failing }));
    expect([failed.status, failed.text]).toEqual([500, `internal-error 500 ${failed.exchange.id}`]);
  });

  test("is a problem where the route's form does not fit the request, or fails itself", async () => {
    const broken = () => {
      throw new Error("a bug");
    };
    for (const form of [() => undefined, broken]) {
      const { exchange, status } = await run(planWith({ refusal: form, request: [ask("a", () => refusal)] }));
      expect([status, exchange.response.headers.get("content-type")]).toEqual([403, "application/problem+json"]);
    }
  });
});

describe("request guards", () => {
  test("stop at the first that does not pass, and nothing reaches the upstream", async () => {
    const upstream = upstreamThat(() => fromUpstream());
    const asked: string[] = [];
    const say = (name: string, verdict: Verdict) => ask(name, () => (asked.push(name), verdict));
    const { exchange, status } = await run(
      planWith({ upstream, request: [say("a", PASS), say("b", refusal), say("c", PASS)] }),
    );
    expect([status, asked, upstream.calls]).toEqual([403, ["a", "b"], 0]);
    expect(exchange.decision).toMatchObject({ guard: "b", outcome: "denied", reason: "because" });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("a bug in /srv/x.ts");
      },
    ],
    ["rejects", () => Promise.reject(new Error("a bug in /srv/x.ts"))],
  ])("a guard that %s denies, and the client is not told why", async (_name, broken) => {
    const upstream = upstreamThat(() => fromUpstream());
    const { status, text } = await run(planWith({ upstream, request: [ask("broken", broken as RequestStep["run"])] }));
    expect([status, upstream.calls]).toEqual([500, 0]);
    expect(text).not.toContain("/srv");
  });

  test("a late verdict is waited for, and the guards behind it run after it", async () => {
    const asked: string[] = [];
    const late = ask("late", async () => {
      await Promise.resolve();
      asked.push("late");
      return PASS;
    });
    await run(planWith({ request: [late, ask("next", () => (asked.push("next"), PASS))] }));
    expect(asked).toEqual(["late", "next"]);
  });

  test("a report-only denial passes and is remembered; a report-only answer is still an answer", async () => {
    const reported = await run(planWith({ request: [ask("a", () => refusal, { reportOnly: true })] }));
    expect(reported.status).toBe(200);
    expect(reported.exchange.reports).toMatchObject([
      { guard: "a", outcome: "would-have-denied", problem: "access-denied" },
    ]);
    const answered = await run(planWith({ request: [ask("a", () => answer, { reportOnly: true })] }));
    expect(answered.status).toBe(204);
  });
});

describe("response guards", () => {
  test.each([
    ["an upstream's answer", {}, 200],
    ["a denial", { request: [ask("a", () => refusal)] }, 403],
    ["a preflight", { request: [ask("a", () => answer)] }, 204],
    [
      "a dead upstream",
      {
        upstream: upstreamThat(() => {
          throw new HeadgateError("upstream-unreachable", "connect 10.0.0.5");
        }),
      },
      502,
    ],
    [
      "an open circuit",
      {
        upstream: upstreamThat(() => {
          throw new HeadgateError("upstream-open", "x");
        }),
      },
      503,
    ],
    [
      "a late upstream",
      {
        upstream: upstreamThat(() => {
          throw new HeadgateError("upstream-timeout", "x");
        }),
      },
      504,
    ],
  ])("run on %s", async (_name, route, status) => {
    const result = await run(planWith({ ...route, response: [mark("inner"), mark("outer")] }));
    expect([result.status, result.seenBy]).toEqual([status, ["inner", "outer"]]);
    expect(result.text).not.toContain("10.0.0.5");
    expect(result.exchange.response.headers.get("x-request-id")).toBe(result.exchange.id);
  });

  test("run on answers to requests without a route, too", async () => {
    const { status, seenBy } = await run(planWith({}, { response: [mark("outer")] }), incoming({ target: "/nowhere" }));
    expect([status, seenBy]).toEqual([404, ["outer"]]);
  });

  test.each([
    ["denies", () => refusal, 403],
    ["denies late", () => Promise.resolve(refusal), 403],
    [
      "throws",
      () => {
        throw new Error("x");
      },
      500,
    ],
    ["rejects", () => Promise.reject(new Error("x")), 500],
  ])("one that %s puts a problem in place, and those further out still run", async (_name, broken, status) => {
    const steps = [mark("inner"), mark("broken", broken as ResponseStep["run"]), mark("outer")];
    const result = await run(planWith({ response: steps }));
    expect([result.status, result.seenBy]).toEqual([status, ["outer"]]);
    expect(result.text).not.toContain("ok");
  });

  test("a report-only one changes nothing of what is sent", async () => {
    const meddling: ResponseStep["run"] = ({ response }) => {
      response.status = 418;
      response.headers.set("x-meddled", "1");
      response.body = null;
    };
    const result = await run(
      planWith({
        response: [
          mark("meddling", meddling, { reportOnly: true }),
          mark("strict", () => refusal, { reportOnly: true }),
        ],
      }),
    );
    expect([result.status, result.text, result.exchange.response.headers.get("x-meddled")]).toEqual([
      200,
      "ok",
      undefined,
    ]);
    expect(result.exchange.reports).toMatchObject([{ guard: "strict", problem: "access-denied" }]);
  });

  test("a stream that is not sent is let go", async () => {
    let released = false;
    const body: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => ((released = true), Promise.resolve({ done: true, value: undefined })),
      }),
    };
    await run(
      planWith({ upstream: upstreamThat(() => fromUpstream({ body })), response: [mark("strict", () => refusal)] }),
    );
    expect(released).toBe(true);
  });
});

describe("admission", () => {
  const counted: string[] = [];
  const outer = {
    request: [ask("outer", () => (counted.push("outer"), PASS)), ask("inner", () => (counted.push("inner"), PASS))],
    outerSteps: 1,
  };

  test.each([
    ["another host", { headers: new HeaderList(["host", "evil.example"]) }, 421],
    ["no host", { headers: new HeaderList() }, 400],
    ["a path that is not canonical", { target: "/x/../y" }, 400],
    ["a query that is not canonical", { target: "/x?a=%zz" }, 400],
    ["a path that is not declared", { target: "/y" }, 404],
    ["a method that is not declared", { method: "DELETE" }, 405],
    ["plain HTTP", { secure: false }, 403],
    ["an upgrade that is not declared", { upgrade: "websocket" }, 400],
    ["what the transport refused", { refusal: deny("ambiguous-request", "x") }, 400],
  ])("%s is refused: the outer guards count it, nobody asks who sent it", async (_name, request, status) => {
    counted.length = 0;
    const upstream = upstreamThat(() => fromUpstream());
    const result = await run(planWith({ ...outer, upstream }, outer), incoming(request));
    expect([result.status, counted, upstream.calls]).toEqual([status, ["outer"], 0]);
  });

  test("405 lists the methods that are declared", async () => {
    const { exchange } = await run(planWith({}), incoming({ method: "POST" }));
    expect(exchange.response.headers.get("allow")).toBe("GET");
  });

  test("HEAD is served by GET; a port or another case in Host does not matter", async () => {
    expect((await run(planWith({}), incoming({ method: "HEAD" }))).status).toBe(200);
    expect((await run(planWith({}), incoming({ headers: new HeaderList(["host", "SHOP.example:8443"]) }))).status).toBe(
      200,
    );
  });

  test("a preflight stands on the route of the call that it asks for", async () => {
    const headers = new HeaderList([
      "host",
      "shop.example",
      "origin",
      "https://a.example",
      "access-control-request-method",
      "GET",
    ]);
    const { exchange } = await run(
      planWith({ request: [ask("cors", () => answer)] }),
      incoming({ method: "OPTIONS", headers }),
    );
    expect([exchange.route.id, exchange.response.status]).toEqual(["GET /x", 204]);
  });
});

test("an exchange under way finishes on the plan that it began with", async () => {
  let release = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (release = resolve));
  const old = planWith({
    request: [
      ask("wait", async () => {
        await waiting;
        return PASS;
      }),
    ],
    response: [mark("old")],
  });
  const gateway = createGateway(old, { clock });
  const first = gateway.handle(incoming());
  let isGone = false;
  const gone = gateway.swap(planWith({ response: [mark("new")] })).then(() => (isGone = true));
  const second = await gateway.handle(incoming());
  second.end();
  release();
  expect((await first).response.headers.getAll("x-seen-by")).toEqual(["old"]);
  expect(second.response.headers.getAll("x-seen-by")).toEqual(["new"]);
  // Its answer may still stream: what the old plan was built upon is needed until the end.
  expect(isGone).toBe(false);
  (await first).end();
  await gone;
});

test("what a report-only guard takes out of a parsed answer, the guards after it still find there", async () => {
  const read = (exchange: Parameters<ResponseStep["run"]>[0]) => {
    const json = readResponseJson(exchange.response, 1024);
    if (json instanceof Promise || json.kind !== "json") throw new Error("not JSON");
    return json.value as Record<string, unknown>;
  };
  const withholding = mark(
    "withholding",
    (exchange) => {
      const value = read(exchange);
      delete value["secret"];
      writeResponseJson(exchange.response, value);
    },
    { reportOnly: true },
  );
  const seen: unknown[] = [];
  const answer = fromUpstream({
    headers: new HeaderList(["content-type", "application/json"]),
    body: new TextEncoder().encode('{"secret":1}'),
  });
  const { text, exchange } = await run(
    planWith({
      upstream: upstreamThat(() => answer),
      response: [withholding, mark("later", (later) => void seen.push({ ...read(later) }))],
    }),
  );
  expect([text, seen]).toEqual(['{"secret":1}', [{ secret: 1 }]]);
  expect(exchange.notes).toMatchObject([{ event: "response.would-have-changed" }]);
});
