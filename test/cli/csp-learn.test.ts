/** The whole way: a gateway in a process of its own, reports over a socket, its log, and what is learnt of it. */
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { expect, onTestFinished, test, vi } from "vitest";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const secret = "correct-horse-battery-staple";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-learn-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function learn(
  args: readonly string[],
  cwd: string,
  input = "",
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, "csp", "learn", ...args], { cwd }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
    child.stdin?.end(input);
  });
}

const policy = JSON.stringify({
  site: "https://shop.example",
  listen: { https: false },
  trustedProxies: ["127.0.0.0/8"],
  upstreams: { backend: { url: "http://127.0.0.1:1", credential: { kind: "secret", uri: "env://LEARN_TEST_SECRET" } } },
  reports: {},
  log: { allowed: false },
  routes: [{ match: "GET /products/:id", to: "backend", access: { kind: "anyone" }, page: true }],
});

async function report(port: string, address: string, body: Readonly<Record<string, unknown>>): Promise<number> {
  const answer = await request(`http://127.0.0.1:${port}/.headgate/reports`, {
    method: "POST",
    headers: {
      host: "shop.example",
      "content-type": "application/reports+json",
      "x-forwarded-for": address,
      "x-forwarded-proto": "https",
    },
    body: JSON.stringify([{ type: "csp-violation", url: "https://shop.example/products/7", body }]),
  });
  return answer.statusCode;
}

test("what browsers report to a gateway is in its log without secrets, and becomes a proposal", async () => {
  const cwd = folderWith({ "headgate.config.json": policy });
  const ports = ["--host", "127.0.0.1", "--http-port", "0", "--admin-port", "off"];
  const env = { ...process.env, LEARN_TEST_SECRET: secret };
  const gateway = spawn(process.execPath, [program, "serve", ...ports], { cwd, env });
  onTestFinished(() => void gateway.kill("SIGKILL"));
  let log = "";
  let err = "";
  gateway.stdout.on("data", (text) => (log += String(text)));
  gateway.stderr.on("data", (text) => (err += String(text)));
  await vi.waitFor(() => expect(err).toMatch(/http \d+/), { timeout: 10_000 });
  const port = /http (\d+)/.exec(err)?.[1] ?? "";

  const documentURL = "https://shop.example/products/7?token=s3cret";
  const image = { documentURL, effectiveDirective: "img-src", blockedURL: "https://images.example/7.png" };
  const script = { documentURL, effectiveDirective: "script-src-elem", blockedURL: "inline", sample: secret };
  expect(await report(port, "192.0.2.1", image)).toBe(204);
  expect(await report(port, "192.0.2.2", { ...image, documentURL: "https://shop.example/" })).toBe(204);
  expect(await report(port, "192.0.2.3", script)).toBe(204);
  const ended = new Promise((resolve) => gateway.once("exit", resolve));
  gateway.kill("SIGTERM");
  expect(await ended).toBe(0);

  expect(log).toContain('"event":"csp.violated"');
  expect(log).toContain("[secret LEARN_TEST_SECRET]");
  for (const hidden of [secret, "s3cret"]) expect(log).not.toContain(hidden);
  const { code, out } = await learn(["--reports", "-", "--policy", "headgate.config.json"], cwd, log);
  expect(code).toBe(0);
  expect(out).toContain('"https://images.example", // 2 times, 2 addresses, on /products/:id, no route');
  expect(out).toContain("//   script-src-elem: inline (once, 1 address, on /products/:id)");
});

test("a file that is not there, and a log that holds nothing, are said", async () => {
  const cwd = folderWith({ "empty.log": '{"event":"gateway.started"}\n' });
  const missing = await learn(["--reports", "missing.log"], cwd);
  expect([missing.code, missing.out]).toEqual([2, ""]);
  expect(missing.err).toContain("missing.log cannot be read (ENOENT)");
  const empty = await learn(["--reports", "empty.log"], cwd);
  expect([empty.code, empty.out]).toEqual([
    0,
    "// No violation of a content security policy was reported: there is nothing to learn.\n",
  ]);
  expect(empty.err).toContain("no line of 1 holds a violation");
  expect((await learn([], cwd)).code).toBe(2);
  expect((await learn(["--reports", "empty.log", "--min-clients", "none"], cwd)).code).toBe(2);
  expect(JSON.parse((await learn(["--reports", "empty.log", "--json"], cwd)).out)).toMatchObject({ violations: 0 });
});
