/** A folder of files behind a real gateway, over real sockets: what is never served, to whomever and however asked. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { request } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { open, problemOf, sendRaw } from "../support/gateway.ts";
import { createSite, get, pages, startSite } from "../support/static-site.ts";

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
    execFileSync("sh", ["-c", `mkfifo "${join(folder, "dist", "pipe")}"`]);
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
    const gateway = await startSite(createTrap());
    const answer = await sendRaw(gateway.httpPort, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain(secret);
    expect(answer.body).not.toMatch(/real\.txt|root:/);
  });

  test("but links within the folder, .well-known, and maps where the policy says so are", async () => {
    const folder = createTrap();
    const gateway = await startSite(folder);
    expect((await get(gateway, "/inside.txt")).text).toBe("fine");
    expect((await get(gateway, "/.well-known/security.txt")).text).toContain("Contact");
    const mapped = await startSite(folder, { sourceMaps: true });
    expect((await get(mapped, "/app.js.map")).text).toBe(secret);
  });

  test("a release that is switched by its link is seen at once", async () => {
    const folder = createSite({ "index.html": "old" });
    renameSync(join(folder, "dist"), join(folder, "release-1"));
    mkdirSync(join(folder, "release-2"));
    writeFileSync(join(folder, "release-2", "index.html"), "new");
    symlinkSync("release-1", join(folder, "dist"));
    const gateway = await startSite(folder);
    expect((await get(gateway, "/")).text).toBe("old");
    symlinkSync("release-2", join(folder, "next"));
    renameSync(join(folder, "next"), join(folder, "dist"));
    expect((await get(gateway, "/")).text).toBe("new");
  });

  test("a folder that is not there stops the start and says so", async () => {
    await expect(startSite(createSite({}), { directory: "/nowhere/dist" })).rejects.toThrow(
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
    const gateway = await startSite(createSite(files));
    const { status, text } = await get(gateway, path, headers);
    expect([status, problemOf({ body: text })]).toEqual([502, "response-refused"]);
  });

  test.each([[{}], [{ "accept-encoding": "br" }]])(
    "a large file with %j ends before it is complete",
    async (headers) => {
      const gateway = await startSite(createSite(files));
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
    const gateway = await startSite(createSite(files), {}, routes);
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
    const gateway = await startSite(folder, { openFiles: 8 });
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
    const gateway = await startSite(folder, { openFiles: 8 });
    for (let round = 0; round < 30; round += 1) {
      expect((await openAndWait(gateway.httpPort, "/large.bin", true)).slice(9, 12)).toBe("200");
      expect((await get(gateway, "/large.bin", {}, "HEAD")).status).toBe(200);
      expect((await get(gateway, "/large.bin", { range: "bytes=0-3" })).status).toBe(206);
    }
    expect((await get(gateway, "/large.bin")).bytes.length).toBe(8 * 1024 * 1024);
  });

  test("a file that becomes shorter on its way ends without a proper end", async () => {
    const folder = createSite({ "large.bin": Buffer.alloc(64 * 1024 * 1024) });
    const gateway = await startSite(folder);
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
