import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { api, everything, expectProblem, site, useStack } from "./stack.ts";

const stack = useStack();

async function read(path: string): Promise<Record<string, unknown>[]> {
  const { status, text } = await stack.askGateway({ path });
  expect({ path, status, text }).toMatchObject({ status: 200 });
  const value = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
  return Array.isArray(value) ? value : [value];
}

describe("what a headless frontend reads", () => {
  test("the published posts, with their number", async () => {
    const { status, headers, text } = await stack.askGateway({
      path: `${api}/posts?per_page=1&orderby=title&order=asc`,
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "x-wp-total": "2", "x-wp-totalpages": "2" });
    expect(JSON.parse(text)).toMatchObject([
      {
        id: stack.wordpress.posts.storm.id,
        slug: stack.wordpress.posts.storm.slug,
        title: { rendered: stack.wordpress.posts.storm.title },
      },
    ]);
  });

  test("a post by id and by slug", async () => {
    const { id, slug, title } = stack.wordpress.posts.herring;
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
    const { posts, category, tag } = stack.wordpress;
    const herring = { id: posts.herring.id, slug: posts.herring.slug };
    expect(await read(`${api}/posts?categories=${category.id}&_fields=id,slug`)).toEqual([herring]);
    expect(await read(`${api}/posts?search=herring&orderby=relevance&_fields=id,slug`)).toEqual([herring]);
    expect(await read(`${api}/posts?tags=${tag.id}&_fields=id&orderby=id&order=asc`)).toEqual([
      { id: posts.herring.id },
      { id: posts.storm.id },
    ]);
  });

  test("pages, categories, tags and the search over all of it", async () => {
    const { pages, category, tag, posts } = stack.wordpress;
    expect(await read(`${api}/pages`)).toMatchObject([{ id: pages.about.id, title: { rendered: pages.about.title } }]);
    expect(await read(`${api}/pages/${pages.about.id}`)).toMatchObject([{ slug: pages.about.slug }]);
    expect(await read(`${api}/categories?slug=${category.slug}`)).toMatchObject([{ id: category.id, count: 1 }]);
    expect(await read(`${api}/tags`)).toMatchObject([{ id: tag.id, slug: tag.slug }]);
    expect(await read(`${api}/search?search=herring`)).toMatchObject([{ id: posts.herring.id, subtype: "post" }]);
  });

  test("media, and the picture itself byte for byte", async () => {
    const { photograph } = stack.wordpress.media;
    const [found] = await read(`${api}/media?include=${photograph.id}`);
    expect(found).toMatchObject({ id: photograph.id, mime_type: "image/png", source_url: `${site}${photograph.path}` });
    expect(await read(`${api}/media/${photograph.id}`)).toMatchObject([{ title: { rendered: photograph.title } }]);

    const { status, headers, bytes } = await stack.askGateway({ path: photograph.path });
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("image/png");
    expect(bytes.equals(await readFile("scripts/wordpress/photograph.png"))).toBe(true);
  });
});

describe("what answers tell of the inside", () => {
  const paths = () => [
    `${api}/posts`,
    `${api}/posts/${stack.wordpress.posts.herring.id}`,
    `${api}/pages`,
    `${api}/media`,
    `${api}/categories`,
    `${api}/tags`,
    `${api}/search?search=herring`,
    `${api}/posts/99999`,
    stack.wordpress.media.photograph.path,
  ];

  test("no answer names the address of WordPress", async () => {
    const address = new RegExp(`127\\.0\\.0\\.1|:${stack.wordpress.port}\\b`);
    for (const path of paths()) {
      expect(everything(await stack.askBare({ path })), path).toMatch(address);
      expect(everything(await stack.askGateway({ path })), path).not.toMatch(address);
    }
  });

  test("links in fields, in HTML and in the answer's own structure lead to the public origin", async () => {
    const { posts, media } = stack.wordpress;
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
    const bare = await stack.askBare({ path: `${api}/posts` });
    expect(bare.text).toMatch(/"author":\d/);
    expect(bare.text).toMatch(/users\\\/\d/);
    const { text } = await stack.askGateway({ path: `${api}/posts` });
    expect(text).toContain('"slug"');
    expect(text).not.toMatch(/author|users|comments|revisions/);
  });

  test("no header names the software, and every answer carries the security headers", async () => {
    const bare = await stack.askBare({ path: `${api}/posts` });
    expect(bare.headers).toMatchObject({
      "x-powered-by": expect.stringMatching(/^PHP/),
      link: expect.stringContaining("api.w.org"),
    });
    for (const path of [...paths(), `${api}/users`, "/xmlrpc.php"]) {
      const { headers } = await stack.askGateway({ path });
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
    expect((await stack.askBare(request)).text).toContain("rest_post_invalid_id");
    const answer = await stack.askGateway(request);
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
    expectProblem(await stack.askGateway({ path }));
    expect((await stack.askGateway({ path: stack.wordpress.media.photograph.path })).status).toBe(200);
  });
});
