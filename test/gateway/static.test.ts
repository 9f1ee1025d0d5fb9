/** A folder of files behind a real gateway, over real sockets: what is served, and how. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { open, problemOf, sendRaw } from "../support/gateway.ts";
import { createSite, get, pages, script, startSite } from "../support/static-site.ts";

describe("a folder as an upstream", () => {
  test("serves files with their types, and pages at clean paths", async () => {
    const gateway = await startSite(createSite(pages));
    const kinds = await Promise.all(
      ["/", "/about", "/blog", "/assets/app-BkR3sVxZ.js", "/assets/logo.svg", "/data.json", "/film.mp4"].map(
        async (path) => {
          const { status, headers } = await get(gateway, path);
          return [path, status, headers["content-type"], headers["cache-control"]];
        },
      ),
    );
    expect(kinds).toEqual([
      ["/", 200, "text/html; charset=utf-8", "no-cache"],
      ["/about", 200, "text/html; charset=utf-8", "no-cache"],
      ["/blog", 200, "text/html; charset=utf-8", "no-cache"],
      ["/assets/app-BkR3sVxZ.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
      ["/assets/logo.svg", 200, "image/svg+xml; charset=utf-8", "no-cache"],
      ["/data.json", 200, "application/json; charset=utf-8", "no-cache"],
      ["/film.mp4", 200, "video/mp4", "no-cache"],
    ]);
    const home = await get(gateway, "/");
    expect(home.text).toBe("<h1>Home</h1>");
    expect(home.headers["x-content-type-options"]).toBe("nosniff");
  });

  test.each([
    ["/about.html", "/about"],
    ["/about/", "/about"],
    ["/blog/", "/blog"],
    ["/blog/index.html", "/blog"],
    ["/index.html?a=b", "/?a=b"],
    ["/index", "/"],
    ["/blog/index", "/blog"],
  ])("sends %s to the page's one path %s", async (path, location) => {
    const gateway = await startSite(createSite(pages));
    const { status, headers } = await get(gateway, path);
    expect([status, headers.location]).toEqual([308, location]);
  });

  test("a page behind a rule cannot be had by another spelling", async () => {
    const routes = [
      open("GET /*", { page: true }),
      { match: "GET /admin", to: "backend", page: true, access: { kind: "signed-in" } },
    ];
    const folder = createSite({
      "admin.html": "SECRET",
      "admin.html.br": brotliCompressSync("SECRET"),
      "404.html": "-",
    });
    const gateway = await startSite(folder, {}, routes);
    for (const path of [
      "/admin",
      "/admin/",
      "/admin/index",
      "/admin.html",
      "/admin/index.html",
      "/admin.html.br",
      "/ADMIN",
      "/admin.HTML",
    ]) {
      const { status, bytes } = await get(gateway, path, { "accept-encoding": "br" });
      expect([401, 308, 404], path).toContain(status);
      expect(bytes.includes("SECRET") || bytes.equals(brotliCompressSync("SECRET")), path).toBe(false);
    }
  });

  test("what is not there gets the site's own page, or a plain one", async () => {
    const gateway = await startSite(createSite(pages));
    const lost = await get(gateway, "/nothing");
    expect([lost.status, lost.text, lost.headers["cache-control"]]).toEqual([404, "<h1>Lost</h1>", "no-cache"]);
    const bare = await startSite(createSite({ "index.html": "" }));
    expect(await get(bare, "/nothing")).toMatchObject({ status: 404, text: "Nothing is here.\n" });
    const api = await startSite(createSite({ "index.html": "" }), {}, [open("GET /api/*")]);
    expect(problemOf({ body: (await get(api, "/api/x")).text })).toBe("not-found");
  });

  test("a single-page app gets its page for every path without a file", async () => {
    const gateway = await startSite(createSite(pages), { fallback: "index.html" });
    const deep = await get(gateway, "/orders/42", { accept: "text/html,*/*" });
    expect([deep.status, deep.text, deep.headers["cache-control"]]).toEqual([200, "<h1>Home</h1>", "no-cache"]);
    expect((await get(gateway, "/assets/gone.js")).status).toBe(404);
    expect((await get(gateway, "/orders/42", { accept: "application/json" })).status).toBe(404);
    expect((await get(gateway, "/.env")).text).not.toContain("Home");
  });

  test("is asked for by GET and HEAD only", async () => {
    const routes = [{ match: "GET|POST /*", to: "backend", page: true, access: { kind: "anyone" } }];
    const gateway = await startSite(createSite(pages), {}, routes);
    const head = await get(gateway, "/film.mp4", {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.bytes.length]).toEqual([200, "1000", 0]);
    const post = await sendRaw(gateway.httpPort, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    expect([post.status, post.headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });
});

describe("conditions and ranges", () => {
  test("a known tag or date gets a 304 without a body, a changed file a 200", async () => {
    const folder = createSite(pages);
    const gateway = await startSite(folder);
    const first = await get(gateway, "/about");
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[0-9a-z]+-[0-9a-z]+"$/);
    const again = await get(gateway, "/about", { "if-none-match": etag });
    expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, etag]);
    const dated = await get(gateway, "/about", { "if-modified-since": String(first.headers["last-modified"]) });
    expect(dated.status).toBe(304);
    writeFileSync(join(folder, "dist", "about.html"), "<h1>About!!</h1>");
    const changed = await get(gateway, "/about", { "if-none-match": etag });
    expect([changed.status, changed.text]).toEqual([200, "<h1>About!!</h1>"]);
  });

  test.each([
    ["bytes=0-9", 206, "bytes 0-9/1000", 10],
    ["bytes=990-", 206, "bytes 990-999/1000", 10],
    ["bytes=-10", 206, "bytes 990-999/1000", 10],
    ["bytes=1000-", 416, "bytes */1000", 0],
    ["bytes=0-1,5-6", 200, undefined, 1000],
    ["lines=0-1", 200, undefined, 1000],
  ])("Range: %s gets %s", async (range, status, contentRange, length) => {
    const gateway = await startSite(createSite(pages));
    const answer = await get(gateway, "/film.mp4", { range });
    expect([answer.status, answer.headers["content-range"], answer.bytes.length]).toEqual([
      status,
      contentRange,
      length,
    ]);
    if (status === 206)
      expect(answer.bytes).toEqual(pages["film.mp4"].subarray(...(range === "bytes=0-9" ? [0, 10] : [990])));
  });

  test("a range of an old version gets the new version whole", async () => {
    const gateway = await startSite(createSite(pages));
    const { headers } = await get(gateway, "/film.mp4");
    const ask = (condition: string) => get(gateway, "/film.mp4", { range: "bytes=0-9", "if-range": condition });
    expect((await ask(String(headers.etag))).status).toBe(206);
    expect((await ask('"old"')).status).toBe(200);
  });
});

describe("compressed twins", () => {
  const twins = {
    ...pages,
    "app.js": script,
    "app.js.br": brotliCompressSync(script),
    "app.js.gz": gzipSync(script),
    "app.js.zst": zstdCompressSync(script),
    "only-gzip.css": "a{}",
    "only-gzip.css.gz": gzipSync("a{}"),
    "backup.tar.gz": gzipSync("tar"),
  };

  test("each coding has its own tag, and caches are told that it varies", async () => {
    const gateway = await startSite(createSite(twins), {}, [open("GET /*", { page: true })]);
    const seen = await Promise.all(
      ["", "gzip", "br, gzip", "br;q=0, gzip"].map(async (accepted) => {
        const { headers } = await get(gateway, "/app.js", { "accept-encoding": accepted });
        return [accepted, headers["content-encoding"], headers.vary, headers.etag, headers["content-type"]];
      }),
    );
    expect(seen.map(([accepted, coding, vary]) => [accepted, coding, vary])).toEqual([
      ["", undefined, "Accept-Encoding"],
      ["gzip", "gzip", "Accept-Encoding"],
      ["br, gzip", "br", "Accept-Encoding"],
      ["br;q=0, gzip", "gzip", "Accept-Encoding"],
    ]);
    expect(new Set(seen.map(([, , , etag]) => etag)).size).toBe(3);
    expect(new Set(seen.map(([, , , , type]) => type))).toEqual(new Set(["text/javascript; charset=utf-8"]));
    const { bytes } = await get(gateway, "/app.js", { "accept-encoding": "br" });
    expect(brotliDecompressSync(bytes).toString()).toBe(script);
    expect((await get(gateway, "/only-gzip.css", { "accept-encoding": "br" })).text).toBe("a{}");
  });

  test("twins are no files of their own, archives are", async () => {
    const gateway = await startSite(createSite(twins));
    expect((await get(gateway, "/app.js.br")).status).toBe(404);
    expect(await get(gateway, "/backup.tar.gz")).toMatchObject({ status: 200 });
    expect((await get(gateway, "/backup.tar.gz")).headers["content-encoding"]).toBeUndefined();
  });

  test("a guard that reads bodies gets the plain file", async () => {
    const gateway = await startSite(createSite(twins), {}, [open("GET /*")]);
    const { headers, text } = await get(gateway, "/app.js", { "accept-encoding": "br" });
    expect([headers["content-encoding"], headers.vary, text]).toEqual([undefined, undefined, script]);
  });
});
