/**
 * What a careless policy lets through: the assets of the lab's storefront as they are, source maps too. The leak guard
 * closes what the routes left open.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { request } from "undici";
import { type Lab, startLab } from "../../lab/lab.ts";
import { open, problemOf, startTestGateway } from "../support/gateway.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ port: 0, contentPort: 0, commercePort: 0, graphqlPort: 0, identityPort: 0 });
});
afterAll(() => lab.stop());

async function ask(url: string, headers: Readonly<Record<string, string>> = {}) {
  const { statusCode, body } = await request(url, { headers: { host: "localhost", ...headers } });
  return { status: statusCode, body: await body.text() };
}

async function startCareless(leaks: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const routes = [open("GET /assets/*", { page: true, leaks }), open("GET /api/content/*", { query: "any", leaks })];
  const { httpPort } = await startTestGateway({ routes }, lab.urls.storefront);
  return `http://127.0.0.1:${httpPort}`;
}

describe("assets that a careless policy lets through", () => {
  test.each<[row: string, path: string, shows: string, leaks: Readonly<Record<string, unknown>>]>([
    ["The CMS management token is in the client bundle", "/assets/live-editor.js", "CFPAT-", {}],
    ["The name of an internal host", "/assets/shop-api.js", "commerce-2.shop.internal", { texts: [".shop.internal"] }],
    [
      "Source maps give the sources and their comments back",
      "/assets/pricing.js.map",
      "below cost",
      { texts: ['"sourcesContent":'] },
    ],
  ])("%s: open on the bare lab, closed by the leak guard", async (_, path, shows, leaks) => {
    const bare = await ask(lab.urls.storefront + path);
    expect([bare.status, bare.body.includes(shows)]).toEqual([200, true]);
    const guarded = await ask((await startCareless(leaks)) + path);
    expect(guarded.status).toBe(502);
    expect(problemOf(guarded)).toBe("response-refused");
    expect(guarded.body).not.toContain(shows);
  });

  test("a token cannot be fetched in parts", async () => {
    const origin = await startCareless();
    const answers = await Promise.all(
      ["bytes=0-300", "bytes=300-600", "bytes=-200", "bytes=0-1,5-900"].map((range) =>
        ask(`${origin}/assets/live-editor.js`, { range }),
      ),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(502);
      expect(body).not.toContain("CFPAT");
    }
  });

  test("what the shop needs still arrives, byte for byte", async () => {
    const origin = await startCareless({ texts: [".shop.internal"] });
    for (const path of ["/assets/page-data.js", "/assets/session.js", "/assets/shop.css", "/assets/icon.svg"]) {
      const bare = await ask(lab.urls.storefront + path);
      expect(await ask(origin + path)).toEqual({ status: 200, body: bare.body });
    }
    expect((await ask(`${origin}/api/content/articles`)).status).toBe(200);
  });
});
