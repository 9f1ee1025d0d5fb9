/** A framework's own spellings, headers and calls through a real gateway: its client works, and no rule is walked around. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { open, sendRaw, startTestGateway, startUpstream } from "../support/gateway.ts";

/** An upstream that answers with what arrived there. */
async function startEcho(type = "text/html") {
  return startUpstream((incoming, response) => {
    let body = "";
    incoming.on("data", (chunk) => (body += String(chunk)));
    incoming.on("end", () => {
      response.writeHead(200, { "content-type": type, "x-nextjs-cache": "HIT" });
      response.end(JSON.stringify({ url: incoming.url, headers: incoming.headers, body }));
    });
  });
}

async function start(name: string, routes: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  const upstream = await startEcho();
  const gateway = await startTestGateway({ framework: { name, ...more }, routes }, upstream.url);
  return async (path: string, headers: Readonly<Record<string, string>> = {}, body?: string) => {
    const answer = await request(`http://127.0.0.1:${gateway.httpPort}${path}`, {
      headers: { host: "localhost", ...headers },
      ...(body !== undefined && { method: "POST", body }),
    });
    const text = await answer.body.text();
    const arrived =
      answer.statusCode === 200
        ? (JSON.parse(text) as { url: string; headers: Record<string, string>; body: string })
        : undefined;
    return { status: answer.statusCode, arrived, headers: answer.headers };
  };
}

const guarded = { match: "GET /account", to: "backend", page: true, access: { kind: "signed-in" } };
const product = {
  match: "GET /products/:id",
  to: "backend",
  page: true,
  access: { kind: "anyone" },
  params: {
    kind: "json-schema",
    schema: { type: "object", properties: { id: { type: "string", pattern: "^\\d+$" } } },
  },
};
const routes = [guarded, product, open("GET /", { page: true }), open("GET /*", { page: true })];

describe("a page's data stands under the rules of the page's own route", () => {
  const spellings = {
    next: [
      "/account.rsc",
      "/account.RSC",
      "/account.prefetch.rsc",
      "/account.segments/_tree.segment.rsc",
      "/account.segments/account/__PAGE__.segment.rsc",
      "/_next/data/build-1/account.json",
    ],
    nuxt: ["/account/_payload.json", "/account/_payload.js", "/account/_PAYLOAD.json"],
    "react-router": ["/account.data", "/account.DATA"],
    sveltekit: ["/account/__data.json", "/account/__DATA.json"],
  };

  test.each(Object.entries(spellings))("%s", async (name, paths) => {
    const ask = await start(name, routes);
    for (const path of ["/account", ...paths]) expect((await ask(path)).status, path).toBe(401);
  });

  test.each([
    ["next", "/products/7.rsc", "/products/x7.rsc"],
    ["next", "/_next/data/build-1/products/7.json", "/_next/data/build-1/products/x.json"],
    ["nuxt", "/products/7/_payload.json", "/products/x/_payload.json"],
    ["react-router", "/products/7.data", "/products/x.data"],
    ["sveltekit", "/products/7/__data.json", "/products/x/__data.json"],
  ])("%s: %s is judged as the page and forwarded as it came; %s is not", async (name, path, odd) => {
    const ask = await start(name, routes);
    expect((await ask(path)).arrived?.url).toBe(path);
    expect((await ask(odd)).status).toBe(400);
  });

  test.each([
    ["next", "/index.rsc"],
    ["next", "/_next/data/build-1/index.json"],
    ["next", "/index.segments/_tree.segment.rsc"],
    ["nuxt", "/_payload.json"],
    ["react-router", "/_root.data"],
    ["sveltekit", "/__data.json"],
  ])("%s: %s is the page at the root", async (name, path) => {
    const ask = await start(name, [open("GET /", { page: true }), guarded]);
    expect((await ask(path)).arrived?.url).toBe(path);
  });

  test("below a base path, too", async () => {
    const ask = await start("next", [{ ...guarded, match: "GET /shop/account" }, open("GET /*", { page: true })]);
    for (const path of ["/shop/account", "/shop/_next/data/b/account.json", "/shop/account.rsc"]) {
      expect((await ask(path)).status, path).toBe(401);
    }
    expect((await ask("/shop/_next/data/b/index.json")).status).toBe(200);
  });

  test("a page that no route declares has no data either, although a wider route takes the path", async () => {
    const ask = await start("next", [guarded, open("GET /_next/*", { page: true })]);
    expect((await ask("/_next/data/build-1/secret.json")).status).toBe(404);
    expect((await ask("/_next/data/build-1/account.json")).status).toBe(401);
    expect((await ask("/_next/static/chunks/app.js")).status).toBe(200);
  });

  test("a route that spells the path out is taken at its word, and routes without the framework are not touched", async () => {
    const upstream = await startEcho();
    const framework = "react-router";
    const gateway = await startTestGateway(
      {
        routes: [
          { ...guarded, framework },
          open("GET /exports/report.data"),
          open("GET /files/:name"),
          open("GET /exports/*", { page: true, framework }),
        ],
      },
      upstream.url,
    );
    const statusOf = async (path: string) =>
      (await sendRaw(gateway.httpPort, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).status;
    expect(await statusOf("/exports/report.data")).toBe(200);
    expect(await statusOf("/files/x.data")).toBe(200);
    expect(await statusOf("/account.data")).toBe(401);
  });
});

describe("Next's own client", () => {
  const tree = encodeURIComponent(JSON.stringify(["", {}]));

  test("navigates: its headers and its query key arrive, although the route takes no query", async () => {
    const ask = await start("next", routes);
    const { arrived, headers } = await ask("/products/7?_rsc=1x2y3", {
      rsc: "1",
      "next-router-state-tree": tree,
      "next-router-prefetch": "1",
      "next-url": "/",
    });
    expect(arrived).toMatchObject({
      url: "/products/7?_rsc=1x2y3",
      headers: { rsc: "1", "next-router-state-tree": tree, "next-router-prefetch": "1", "next-url": "/" },
    });
    expect(headers["cache-control"]).toBe("private, no-store");
    expect(headers["vary"]).toContain("RSC");
    expect((await ask("/products/7?_rsc=x&page=2")).status).toBe(400);
  });

  test("cannot be played: internal headers do not arrive even where a route forwards them", async () => {
    const forward = ["x-middleware-subrequest", "x-nextjs-data", "next-resume"];
    const ask = await start("next", [open("GET /*", { page: true, forward, query: "any" })]);
    const { arrived, headers } = await ask("/x?nxtPslug=admin&a=b", {
      "x-middleware-subrequest": "middleware:middleware:middleware",
      "x-nextjs-data": "1",
      "next-resume": "1",
    });
    expect(arrived?.url).toBe("/x?a=b");
    for (const name of forward) expect(arrived?.headers).not.toHaveProperty(name);
    expect(headers["x-nextjs-cache"]).toBeUndefined();
  });

  test("calls the actions that the build lists, and only those", async () => {
    const folder = mkdtempSync(join(tmpdir(), "headgate-next-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const id = "7f".repeat(20);
    writeFileSync(join(folder, "actions.json"), JSON.stringify({ node: { [id]: {} }, edge: {} }));
    const ask = await start("next", [open("GET|POST /cart", { page: true, body: "any" })], {
      serverActions: join(folder, "actions.json"),
    });
    const call = (action: string, body: string) =>
      ask(
        "/cart",
        { origin: "https://localhost", "next-action": action, "content-type": "text/plain;charset=UTF-8" },
        body,
      );
    expect((await call(id, '["seven"]')).arrived).toMatchObject({ body: '["seven"]', headers: { "next-action": id } });
    expect((await call("0e".repeat(20), "[]")).status).toBe(403);
    expect((await call(id, '["$1:__proto__:then"]')).status).toBe(400);
  });

  test("gets pictures of the site without anybody's cookies", async () => {
    const ask = await start("next", [open("GET /_next/image")]);
    const picture = `/_next/image?url=${encodeURIComponent("/media/x.png")}&w=640&q=75`;
    const { arrived } = await ask(picture, { cookie: "session=1" });
    expect(arrived?.url).toBe(picture);
    expect(arrived?.headers).not.toHaveProperty("cookie");
    expect((await ask(`/_next/image?url=${encodeURIComponent("http://169.254.169.254/")}&w=640&q=75`)).status).toBe(
      400,
    );
  });
});
