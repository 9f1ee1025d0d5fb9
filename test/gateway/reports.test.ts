import { request } from "undici";
import { expect, test } from "vitest";
import type { Note } from "../../src/guards/guard.ts";
import { open, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

const site = "https://localhost";

async function startCollector(
  reports: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<TestGateway> {
  const upstream = await startUpstream((_request, response) => response.end("upstream"));
  const routes = [open("GET /products/:id", { page: true }), open("GET /*", { page: true })];
  return startTestGateway({ site, reports, routes, ...more }, upstream.url);
}

interface Post {
  readonly path?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(gateway: TestGateway, body: unknown, { path, type, headers }: Post = {}) {
  const answer = await request(`http://localhost:${gateway.httpPort}${path ?? "/.headgate/reports"}`, {
    method: "POST",
    headers: { "content-type": type ?? "application/reports+json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

const violation = (body: Readonly<Record<string, unknown>> = {}, type = "csp-violation") => ({
  type,
  age: 12,
  url: `${site}/products/42?token=s3cret`,
  user_agent: "Mozilla/5.0",
  body: {
    documentURL: `${site}/products/42?token=s3cret#s3cret`,
    blockedURL: "https://cdn.example/a.js?key=s3cret",
    effectiveDirective: "script-src-elem",
    disposition: "enforce",
    ...body,
  },
});

function notesOf(gateway: TestGateway): readonly Note[] {
  return gateway.events.flatMap(({ notes }) => notes);
}

test("a list of reports becomes events, each with its facts, and the answer says nothing", async () => {
  const gateway = await startCollector();
  const answer = await post(gateway, [
    violation(),
    {
      type: "deprecation",
      url: `${site}/products/7`,
      body: { id: "WebSQL", message: "WebSQL is gone", lineNumber: 3 },
    },
  ]);
  expect([answer.status, answer.text]).toEqual([204, ""]);
  expect(notesOf(gateway)).toEqual([
    {
      guard: "reports",
      event: "csp.violated",
      reason: "script-src-elem refused https://cdn.example/a.js on /products/:id",
      count: 1,
      facts: {
        directive: "script-src-elem",
        blocked: "https://cdn.example/a.js",
        page: "/products/:id",
        disposition: "enforce",
      },
    },
    {
      guard: "reports",
      event: "browser.deprecated",
      reason: "a deprecated feature (WebSQL, WebSQL is gone) on /products/:id",
      count: 1,
      facts: { id: "WebSQL", message: "WebSQL is gone", line: "3", page: "/products/:id" },
    },
  ]);
  expect(gateway.events[0]).toMatchObject({ event: "request.allowed", route: "POST /.headgate/reports", status: 204 });
});
