/** A folder of files behind a real gateway, over real sockets: what is served, how, and what never is. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { request } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { open, problemOf, sendRaw, startTestGateway, type TestGateway } from "../support/gateway.ts";

const script = `console.log(${JSON.stringify("x".repeat(500))});`;

function createSite(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-site-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "dist", name)), { recursive: true });
    writeFileSync(join(folder, "dist", name), content);
  }
  return folder;
}

const pages = {
  "index.html": "<h1>Home</h1>",
  "about.html": "<h1>About</h1>",
  "blog/index.html": "<h1>Blog</h1>",
  "404.html": "<h1>Lost</h1>",
  "assets/app-BkR3sVxZ.js": script,
  "assets/logo.svg": "<svg/>",
  "data.json": '{"a":1}',
  "film.mp4": Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256)),
};

function start(
  folder: string,
  options: Readonly<Record<string, unknown>> = {},
  routes: readonly unknown[] = [open("GET /*", { page: true, query: "any" })],
): Promise<TestGateway> {
  const site = { directory: join(folder, "dist"), ...options };
  return startTestGateway({ routes, upstreams: { backend: site } }, "");
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

async function get(
  { httpPort }: TestGateway,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method: "GET" | "HEAD" = "GET",
): Promise<Got> {
  const answer = await request(`http://127.0.0.1:${httpPort}${path}`, { headers, method });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() };
}

describe("a folder as an upstream", () => {
  test("serves files with their types, and pages at clean paths", async () => {
    const gateway = await start(createSite(pages));
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
    const gateway = await start(createSite(pages));
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
    const gateway = await start(folder, {}, routes);
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
    const gateway = await start(createSite(pages));
    const lost = await get(gateway, "/nothing");
    expect([lost.status, lost.text, lost.headers["cache-control"]]).toEqual([404, "<h1>Lost</h1>", "no-cache"]);
    const bare = await start(createSite({ "index.html": "" }));
    expect(await get(bare, "/nothing")).toMatchObject({ status: 404, text: "Nothing is here.\n" });
    const api = await start(createSite({ "index.html": "" }), {}, [open("GET /api/*")]);
    expect(problemOf({ body: (await get(api, "/api/x")).text })).toBe("not-found");
  });

  test("a single-page app gets its page for every path without a file", async () => {
    const gateway = await start(createSite(pages), { fallback: "index.html" });
    const deep = await get(gateway, "/orders/42", { accept: "text/html,*/*" });
    expect([deep.status, deep.text, deep.headers["cache-control"]]).toEqual([200, "<h1>Home</h1>", "no-cache"]);
    expect((await get(gateway, "/assets/gone.js")).status).toBe(404);
    expect((await get(gateway, "/orders/42", { accept: "application/json" })).status).toBe(404);
    expect((await get(gateway, "/.env")).text).not.toContain("Home");
  });

  test("is asked for by GET and HEAD only", async () => {
    const routes = [{ match: "GET|POST /*", to: "backend", page: true, access: { kind: "anyone" } }];
    const gateway = await start(createSite(pages), {}, routes);
    const head = await get(gateway, "/film.mp4", {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.bytes.length]).toEqual([200, "1000", 0]);
    const post = await sendRaw(gateway.httpPort, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    expect([post.status, post.headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });
});

describe("conditions and ranges", () => {
  test("a known tag or date gets a 304 without a body, a changed file a 200", async () => {
    const folder = createSite(pages);
    const gateway = await start(folder);
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
    const gateway = await start(createSite(pages));
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
    const gateway = await start(createSite(pages));
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
    const gateway = await start(createSite(twins), {}, [open("GET /*", { page: true })]);
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
    const gateway = await start(createSite(twins));
    expect((await get(gateway, "/app.js.br")).status).toBe(404);
    expect(await get(gateway, "/backup.tar.gz")).toMatchObject({ status: 200 });
    expect((await get(gateway, "/backup.tar.gz")).headers["content-encoding"]).toBeUndefined();
  });

  test("a guard that reads bodies gets the plain file", async () => {
    const gateway = await start(createSite(twins), {}, [open("GET /*")]);
    const { headers, text } = await get(gateway, "/app.js", { "accept-encoding": "br" });
    expect([headers["content-encoding"], headers.vary, text]).toEqual([undefined, undefined, script]);
  });
});

describe("what is never served", () => {
  const secret = "TOP-SECRET-7f3a";

  function createTrap(): string {
    const folder = createSite({
      ...pages,
      ".env": secret,
      ".git/config": secret,
      "sub/.htpasswd": secret,
      "app.js.map": secret,
      "app.js.map.br": secret,
      ".well-known/security.txt": "Contact: mailto:a@shop.example",
      "real.txt": "fine",
    });
    writeFileSync(join(folder, "outside.txt"), secret);
    mkdirSync(join(folder, "dist-backup"));
    writeFileSync(join(folder, "dist-backup", "x.txt"), secret);
    symlinkSync(join(folder, "outside.txt"), join(folder, "dist", "link.txt"));
    symlinkSync(folder, join(folder, "dist", "up"));
    symlinkSync(join(folder, "dist-backup"), join(folder, "dist", "backup"));
    symlinkSync(join(folder, "dist", ".env"), join(folder, "dist", "env.txt"));
    symlinkSync(join(folder, "dist", "loop"), join(folder, "dist", "loop"));
    symlinkSync("real.txt", join(folder, "dist", "inside.txt"));
    symlinkSync("/dev/zero", join(folder, "dist", "zero"));
    execFileSync("mkfifo", [join(folder, "dist", "pipe")]);
    return folder;
  }

  test.each([
    "/.env",
    "/.git/config",
    "/sub/.htpasswd",
    "/app.js.map",
    "/app.js.map.br",
    "/link.txt",
    "/up/outside.txt",
    "/backup/x.txt",
    "/env.txt",
    "/loop",
    "/zero",
    "/pipe",
    "/sub",
    "/sub/",
    "/assets",
    "/assets/",
    "/../outside.txt",
    "/..%2foutside.txt",
    "/%2e%2e/outside.txt",
    "/%252e%252e/outside.txt",
    "/assets/..%5c..%5coutside.txt",
    "/..;/outside.txt",
    "//outside.txt",
    "/dist/../outside.txt",
    "/%00/outside.txt",
    "/real.txt%00.html",
    "/%C0%AE%C0%AE/outside.txt",
    "/%EF%BC%8E%EF%BC%8E/outside.txt",
    "/\uff0e\uff0e/outside.txt",
    "/real.txt/",
    "/real.txt/../outside.txt",
    `/${"a".repeat(300)}`,
    `/${"a/".repeat(100)}x`,
    "/real.txt::$DATA",
    "/real.txt.",
    "/real.txt%20",
    "/file:///etc/passwd",
    "/proc/self/environ",
  ])("%s", async (path) => {
    const gateway = await start(createTrap());
    const answer = await sendRaw(gateway.httpPort, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain(secret);
    expect(answer.body).not.toMatch(/real\.txt|root:/);
  });

  test("but links within the folder, .well-known, and maps where the policy says so are", async () => {
    const folder = createTrap();
    const gateway = await start(folder);
    expect((await get(gateway, "/inside.txt")).text).toBe("fine");
    expect((await get(gateway, "/.well-known/security.txt")).text).toContain("Contact");
    const mapped = await start(folder, { sourceMaps: true });
    expect((await get(mapped, "/app.js.map")).text).toBe(secret);
  });

  test("a release that is switched by its link is seen at once", async () => {
    const folder = createSite({ "index.html": "old" });
    renameSync(join(folder, "dist"), join(folder, "release-1"));
    mkdirSync(join(folder, "release-2"));
    writeFileSync(join(folder, "release-2", "index.html"), "new");
    symlinkSync("release-1", join(folder, "dist"));
    const gateway = await start(folder);
    expect((await get(gateway, "/")).text).toBe("old");
    symlinkSync("release-2", join(folder, "next"));
    renameSync(join(folder, "next"), join(folder, "dist"));
    expect((await get(gateway, "/")).text).toBe("new");
  });

  test("a folder that is not there stops the start and says so", async () => {
    await expect(start(createSite({}), { directory: "/nowhere/dist" })).rejects.toThrow(
      "upstreams.backend.directory: /nowhere/dist does not exist. Build the site first, or correct the path.",
    );
  });
});

describe("a secret in a build", () => {
  const token = `CFPAT-${"aB3dE5fG7hI9jK1lM".repeat(3).slice(0, 43)}`;
  // Text that hardly compresses, so that the coded file is sent as a stream, too.
  const noise = Array.from({ length: 4000 }, (_, at) => createHash("sha512").update(String(at)).digest("base64")).join(
    "\n",
  );
  const leaking = `${noise}const token = "${token}";${noise}`;
  const files = {
    "small.js": `const token = "${token}";`,
    "large.js": leaking,
    "large.js.br": brotliCompressSync(leaking),
    "small.js.gz": gzipSync(`const token = "${token}";`),
    "token.mp4": token,
  };

  test.each([
    ["/small.js", {}],
    ["/small.js", { "accept-encoding": "gzip" }],
    ["/small.js", { range: "bytes=20-40" }],
  ])("%s with %j is refused", async (path, headers) => {
    const gateway = await start(createSite(files));
    const { status, text } = await get(gateway, path, headers);
    expect([status, problemOf({ body: text })]).toEqual([502, "response-refused"]);
  });

  test.each([[{}], [{ "accept-encoding": "br" }]])(
    "a large file with %j ends before it is complete",
    async (headers) => {
      const gateway = await start(createSite(files));
      const answer = await request(`http://127.0.0.1:${gateway.httpPort}/large.js`, { headers });
      const chunks: Buffer[] = [];
      const reading = (async () => {
        for await (const chunk of answer.body) chunks.push(chunk as Buffer);
      })();
      await expect(reading).rejects.toThrow();
      expect(Buffer.concat(chunks).includes("CFPAT")).toBe(false);
    },
  );

  test("in report mode everything arrives as it is", async () => {
    const routes = [open("GET /*", { page: true, mode: { leaks: "report" } })];
    const gateway = await start(createSite(files), {}, routes);
    expect((await get(gateway, "/large.js")).text).toBe(leaking);
    const coded = await get(gateway, "/large.js", { "accept-encoding": "br" });
    expect(coded.bytes.equals(files["large.js.br"])).toBe(true);
    expect((await get(gateway, "/small.js", { range: "bytes=0-4" })).text).toBe("const");
  });
});

describe("files that are large, slow or change", () => {
  test("readers that take nothing leave files for others", async () => {
    const folder = createSite(pages);
    writeFileSync(join(folder, "dist", "large.bin"), "");
    truncateSync(join(folder, "dist", "large.bin"), 1024 ** 3);
    const gateway = await start(folder, { openFiles: 8 });
    const idle = await Promise.all(Array.from({ length: 8 }, () => openAndWait(gateway.httpPort, "/large.bin")));
    expect(idle.map((head) => head.slice(9, 12)).sort()).toEqual([
      "200",
      "200",
      "200",
      "200",
      "200",
      "200",
      "503",
      "503",
    ]);
    expect((await get(gateway, "/about")).status).toBe(200);
  });

  test("places are given back when readers leave", async () => {
    const folder = createSite({ "large.bin": Buffer.alloc(8 * 1024 * 1024) });
    const gateway = await start(folder, { openFiles: 8 });
    for (let round = 0; round < 30; round += 1) {
      expect((await openAndWait(gateway.httpPort, "/large.bin", true)).slice(9, 12)).toBe("200");
      expect((await get(gateway, "/large.bin", {}, "HEAD")).status).toBe(200);
      expect((await get(gateway, "/large.bin", { range: "bytes=0-3" })).status).toBe(206);
    }
    expect((await get(gateway, "/large.bin")).bytes.length).toBe(8 * 1024 * 1024);
  });

  test("a file that becomes shorter on its way ends without a proper end", async () => {
    const folder = createSite({ "large.bin": Buffer.alloc(64 * 1024 * 1024) });
    const gateway = await start(folder);
    const answer = await request(`http://127.0.0.1:${gateway.httpPort}/large.bin`);
    let received = 0;
    const reading = (async () => {
      for await (const chunk of answer.body) {
        if (received === 0) truncateSync(join(folder, "dist", "large.bin"), 1000);
        received += (chunk as Buffer).length;
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toBeLessThan(64 * 1024 * 1024);
  });
});

/** Reads the head of an answer and then nothing more; leaves at once if told to. */
function openAndWait(port: number, path: string, leave = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
    onTestFinished(() => void socket.destroy());
    socket.on("error", reject);
    socket.once("data", (data) => {
      socket.pause();
      resolve(data.toString("latin1"));
      if (leave) socket.destroy();
    });
  });
}
