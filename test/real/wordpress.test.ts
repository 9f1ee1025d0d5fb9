import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWordPress, type WordPress } from "../../scripts/wordpress.ts";
import { type Closed, otherDoors, userListSpellings } from "./closed.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway.ts";
import { send, type WireRequest, type WireResponse } from "./send.ts";

const site = "https://localhost:8443";
const partner = "https://partner.example";
const api = "/wp-json/wp/v2";

let wordpress: WordPress;
let gateway: GatewayProcess;

beforeAll(async () => {
  wordpress = await startWordPress();
  const env = { WORDPRESS_URL: wordpress.url, SITE_URL: site };
  gateway = await startGatewayProcess("examples/wordpress/headgate.config.ts", env);
});

afterAll(async () => {
  await gateway?.stop();
  await wordpress?.stop();
});

/** Asks WordPress itself: what stands open without the gateway. */
const askBare = (request: WireRequest) => send(wordpress.url, request);
const askGateway = (request: WireRequest) => send(`https://localhost:${gateway.port}`, request);

async function read(path: string): Promise<Record<string, unknown>[]> {
  const { status, text } = await askGateway({ path });
  expect({ path, status, text }).toMatchObject({ status: 200 });
  const value = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
  return Array.isArray(value) ? value : [value];
}

describe("what a headless frontend reads", () => {
  test("the published posts, with their number", async () => {
    const { status, headers, text } = await askGateway({ path: `${api}/posts?per_page=1&orderby=title&order=asc` });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "x-wp-total": "2", "x-wp-totalpages": "2" });
    expect(JSON.parse(text)).toMatchObject([
      {
        id: wordpress.posts.storm.id,
        slug: wordpress.posts.storm.slug,
        title: { rendered: wordpress.posts.storm.title },
      },
    ]);
  });

  test("a post by id and by slug", async () => {
    const { id, slug, title } = wordpress.posts.herring;
    const expected = {
      id,
      slug,
      title: { rendered: title },
      content: { rendered: expect.stringContaining("the editors") },
    };
    expect(await read(`${api}/posts/${id}`)).toMatchObject([expected]);
    expect(await read(`${api}/posts?slug=${slug}`)).toMatchObject([expected]);
  });

  test("posts by category, by tag and by word, with chosen fields", async () => {
    const { posts, category, tag } = wordpress;
    const herring = { id: posts.herring.id, slug: posts.herring.slug };
    expect(await read(`${api}/posts?categories=${category.id}&_fields=id,slug`)).toEqual([herring]);
    expect(await read(`${api}/posts?search=herring&orderby=relevance&_fields=id,slug`)).toEqual([herring]);
    expect(await read(`${api}/posts?tags=${tag.id}&_fields=id&orderby=id&order=asc`)).toEqual([
      { id: posts.herring.id },
      { id: posts.storm.id },
    ]);
  });

  test("pages, categories, tags and the search over all of it", async () => {
    const { pages, category, tag, posts } = wordpress;
    expect(await read(`${api}/pages`)).toMatchObject([{ id: pages.about.id, title: { rendered: pages.about.title } }]);
    expect(await read(`${api}/pages/${pages.about.id}`)).toMatchObject([{ slug: pages.about.slug }]);
    expect(await read(`${api}/categories?slug=${category.slug}`)).toMatchObject([{ id: category.id, count: 1 }]);
    expect(await read(`${api}/tags`)).toMatchObject([{ id: tag.id, slug: tag.slug }]);
    expect(await read(`${api}/search?search=herring`)).toMatchObject([{ id: posts.herring.id, subtype: "post" }]);
  });

  test("media, and the picture itself byte for byte", async () => {
    const { photograph } = wordpress.media;
    const [found] = await read(`${api}/media?include=${photograph.id}`);
    expect(found).toMatchObject({ id: photograph.id, mime_type: "image/png", source_url: `${site}${photograph.path}` });
    expect(await read(`${api}/media/${photograph.id}`)).toMatchObject([{ title: { rendered: photograph.title } }]);

    const { status, headers, bytes } = await askGateway({ path: photograph.path });
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("image/png");
    expect(bytes.equals(await readFile("scripts/wordpress/photograph.png"))).toBe(true);
  });
});

/** Open on WordPress, closed at the gateway, and right beside it a request that both answer. */
async function expectClosed({ request, reveals, neighbour, shows }: Closed): Promise<void> {
  const secret = reveals(wordpress);
  expect(everything(await askBare(request(wordpress)))).toMatch(secret);

  const answer = await askGateway(request(wordpress));
  expect(everything(answer)).not.toMatch(secret);
  expectProblem(answer);

  expect((await askGateway(neighbour(wordpress))).text).toMatch(shows(wordpress));
}

function everything({ headers, text }: WireResponse): string {
  return `${JSON.stringify(headers)}\n${text}`;
}

function expectProblem({ status, headers, text }: WireResponse): void {
  expect({ status: status >= 400 && status < 500, type: headers["content-type"] }).toEqual({
    status: true,
    type: "application/problem+json",
  });
  expect(JSON.parse(text)).toMatchObject({ type: expect.stringMatching(/^urn:headgate:problem:/), status });
  expect(text).not.toMatch(/wordpress|rest_|php/i);
}

describe("the list of users", () => {
  test.each(userListSpellings)("is closed: $name", expectClosed);
});

describe("another open door of WordPress", () => {
  test.each(otherDoors)("is closed: $name", expectClosed);

  test("is closed: the cron that anybody may start", async () => {
    expect((await askBare({ path: "/wp-cron.php" })).status).toBe(200);
    expectProblem(await askGateway({ path: "/wp-cron.php" }));
    expect((await askGateway({ path: `${api}/posts` })).status).toBe(200);
  });

  test("is closed: a method that a header puts in place of the request's own", async () => {
    const request = {
      path: `${api}/posts/${wordpress.posts.storm.id}`,
      headers: { "x-http-method-override": "DELETE" },
    };
    expect((await askBare(request)).text).toContain("rest_cannot_delete");
    expect(JSON.parse((await askGateway(request)).text)).toMatchObject({ id: wordpress.posts.storm.id });
  });
});

describe("what is not published", () => {
  const authorize = ({ login, applicationPassword }: WordPress["users"]["editor"]) => ({
    authorization: `Basic ${btoa(`${login}:${applicationPassword}`)}`,
  });

  test("stays inside even with an editor's credentials in hand: drafts by status", async () => {
    const headers = authorize(wordpress.users.editor);
    const { title } = wordpress.posts.draft;
    for (const status of ["draft", "any", "private,draft"]) {
      const request = { path: `${api}/posts?status=${status}`, headers };
      expect((await askBare(request)).text).toMatch(/The mayor resigns|Notes of the editors/);
      const answer = await askGateway(request);
      expect(answer.text).not.toContain(title);
      expectProblem(answer);
    }
    expect((await askGateway({ path: `${api}/posts` })).text).toContain(wordpress.posts.herring.title);
  });

  test("stays inside even with an editor's credentials in hand: drafts and private posts by id", async () => {
    const headers = authorize(wordpress.users.editor);
    for (const { id, title } of [wordpress.posts.draft, wordpress.posts.private]) {
      const request = { path: `${api}/posts/${id}`, headers };
      expect((await askBare(request)).text).toContain(title);
      const answer = await askGateway(request);
      expect(answer.text).not.toContain(title);
      expectProblem(answer);
      expectProblem(await askGateway({ path: request.path }));
    }
    const published = { path: `${api}/posts/${wordpress.posts.herring.id}` };
    expect((await askGateway(published)).text).toContain(wordpress.posts.herring.title);
  });

  test("stays inside with an editor's session: the preview of a draft", async () => {
    const cookie = await logIn(wordpress.users.editor);
    const request = { path: `/?p=${wordpress.posts.draft.id}&preview=true`, headers: { cookie } };
    expect((await askBare({ path: request.path })).status).toBe(404);
    expect((await askBare(request)).status).toBe(200);
    expectProblem(await askGateway(request));
    expect((await askGateway({ path: `${api}/posts`, headers: { cookie } })).text).not.toContain(
      wordpress.posts.draft.title,
    );
    expect((await askGateway({ path: `${api}/posts` })).text).toContain(wordpress.posts.herring.title);
  });

  async function logIn({ login, password }: WordPress["users"]["editor"]): Promise<string> {
    const { status, headers } = await askBare({
      method: "POST",
      path: "/wp-login.php",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        cookie: "wordpress_test_cookie=WP%20Cookie%20check",
      },
      body: new URLSearchParams({ log: login, pwd: password, testcookie: "1" }).toString(),
    });
    expect(status).toBe(302);
    return (headers["set-cookie"] ?? []).map((field) => field.split(";")[0]).join("; ");
  }
});

describe("what foreign pages may read", () => {
  test("WordPress lets any page read with the visitor's rights, the gateway none but the partner, without", async () => {
    const ask = { path: `${api}/posts`, headers: { origin: "https://evil.example" } };
    expect((await askBare(ask)).headers).toMatchObject({
      "access-control-allow-origin": "https://evil.example",
      "access-control-allow-credentials": "true",
    });
    const foreign = await askGateway(ask);
    expect(permissionsOf(foreign)).toEqual([]);
    expect(foreign.headers.vary).toMatch(/\borigin\b/i);

    const allowed = await askGateway({ path: `${api}/posts`, headers: { origin: partner } });
    expect(allowed.headers).toMatchObject({ "access-control-allow-origin": partner });
    expect(allowed.headers["access-control-expose-headers"]).toContain("X-WP-Total");
    expect(allowed.headers["access-control-allow-credentials"]).toBeUndefined();
    expect(allowed.text).toContain(wordpress.posts.herring.title);
  });

  test("preflights are answered by the gateway, for the partner only", async () => {
    const preflight = (origin: string) =>
      askGateway({
        method: "OPTIONS",
        path: `${api}/posts`,
        headers: { origin, "access-control-request-method": "GET" },
      });
    expect((await preflight(partner)).headers).toMatchObject({ "access-control-allow-origin": partner });
    expect(permissionsOf(await preflight("https://evil.example"))).toEqual([]);
    expect(permissionsOf(await preflight("null"))).toEqual([]);
  });

  test("the partner can read a denial too", async () => {
    const { status, headers } = await askGateway({ path: `${api}/users`, headers: { origin: partner } });
    expect({ status, origin: headers["access-control-allow-origin"] }).toEqual({ status: 404, origin: partner });
  });

  function permissionsOf({ headers }: WireResponse): string[] {
    return Object.keys(headers).filter((name) => /^access-control-allow-(?:origin|credentials)$/.test(name));
  }
});

describe("what answers tell of the inside", () => {
  const paths = () => [
    `${api}/posts`,
    `${api}/posts/${wordpress.posts.herring.id}`,
    `${api}/pages`,
    `${api}/media`,
    `${api}/categories`,
    `${api}/tags`,
    `${api}/search?search=herring`,
    `${api}/posts/99999`,
    wordpress.media.photograph.path,
  ];

  test("no answer names the address of WordPress", async () => {
    const address = new RegExp(`127\\.0\\.0\\.1|:${wordpress.port}\\b`);
    for (const path of paths()) {
      expect(everything(await askBare({ path })), path).toMatch(address);
      expect(everything(await askGateway({ path })), path).not.toMatch(address);
    }
  });

  test("links in fields, in HTML and in the answer's own structure lead to the public origin", async () => {
    const { posts, media } = wordpress;
    const [post] = await read(`${api}/posts/${posts.herring.id}`);
    expect(post).toMatchObject({
      link: `${site}/${posts.herring.slug}/`,
      guid: { rendered: expect.stringContaining(`${site}/`) },
      content: { rendered: expect.stringMatching(`href="${site}/about-us/"[^]*src="${site}${media.photograph.path}"`) },
      _links: {
        self: [{ href: `${site}${api}/posts/${posts.herring.id}` }],
        "wp:featuredmedia": [{ href: `${site}${api}/media/${media.photograph.id}` }],
      },
    });
  });

  test("no field leads to the people who write", async () => {
    const bare = await askBare({ path: `${api}/posts` });
    expect(bare.text).toMatch(/"author":\d/);
    expect(bare.text).toMatch(/users\\\/\d/);
    const { text } = await askGateway({ path: `${api}/posts` });
    expect(text).toContain('"slug"');
    expect(text).not.toMatch(/author|users|comments|revisions/);
  });

  test("no header names the software, and every answer carries the security headers", async () => {
    const bare = await askBare({ path: `${api}/posts` });
    expect(bare.headers).toMatchObject({
      "x-powered-by": expect.stringMatching(/^PHP/),
      link: expect.stringContaining("api.w.org"),
    });
    for (const path of [...paths(), `${api}/users`, "/xmlrpc.php"]) {
      const { headers } = await askGateway({ path });
      expect(
        Object.keys(headers).filter((name) => /^(?:x-powered-by|server|host)$/.test(name)),
        path,
      ).toEqual([]);
      expect(headers.link ?? "", path).not.toContain("api.w.org");
      expect(headers, path).toMatchObject({
        "strict-transport-security": expect.stringMatching(/^max-age=\d{7,}/),
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
  });

  test("an error of WordPress is told in the gateway's words", async () => {
    const request = { path: `${api}/posts/99999` };
    expect((await askBare(request)).text).toContain("rest_post_invalid_id");
    const answer = await askGateway(request);
    expect(answer.status).toBe(404);
    expectProblem(answer);
  });
});

describe("uploads", () => {
  test.each([
    "/wp-content/uploads/2026/13/a.png",
    "/wp-content/uploads/2026/11/a.php",
    "/wp-content/uploads/2026/11/a.svg",
  ])("are pictures and documents only: not %s", async (path) => {
    expectProblem(await askGateway({ path }));
    expect((await askGateway({ path: wordpress.media.photograph.path })).status).toBe(200);
  });
});
