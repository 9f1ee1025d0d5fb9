/** The command line as users run it: the built program in a process of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { describe, expect, onTestFinished, test, vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "dist/cli/main.js");
const bob = "b0b00000-0000-4000-8000-000000000002";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function headgate(args: readonly string[], cwd = root): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const policy = (more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    site: "https://localhost",
    upstreams: { backend: { url: "http://127.0.0.1:1" } },
    routes: [{ match: "GET /", to: "backend", access: { kind: "anyone" } }],
    ...more,
  });

describe("headgate explain", () => {
  test("names the route, the guard and the reason for which alice does not see bob's orders", async () => {
    const { code, out } = await headgate(["explain", `GET /api/users/${bob}/orders`, "--as", "alice"]);
    expect(code).toBe(0);
    expect(out).toContain("route   GET /api/users/:userId/orders -> commerce");
    expect(out).toMatch(/access +deny/);
    expect(out).toMatch(/verdict denied by access \(403 access-denied\): .*userId/);
  });

  test("says the same as JSON, and exits 1 when asked to fail on a denial", async () => {
    const { code, out } = await headgate([
      "explain",
      `GET /api/users/${bob}/orders`,
      "--as",
      "alice",
      "--json",
      "--fail-on-deny",
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      route: "GET /api/users/:userId/orders",
      verdict: "denied",
      guard: "access",
      status: 403,
    });
  });

  test("allows bob his own orders", async () => {
    const { out } = await headgate(["explain", `GET /api/users/${bob}/orders`, "--as", "bob"]);
    expect(out).toContain("verdict allowed: the request goes to commerce");
  });

  test("a path that nobody declared has no route", async () => {
    const { out } = await headgate(["explain", "GET /api/orders/../admin"]);
    expect(out).toContain("verdict denied by route (400 path-not-canonical)");
  });

  test("an unknown caller is a usage error that names the known ones", async () => {
    const { code, err } = await headgate(["explain", "GET /", "--as", "mallory"]);
    expect([code, err]).toEqual([2, expect.stringContaining("alice, bob, admin")]);
  });
});

describe("headgate check", () => {
  test("passes the demo's policy", async () => {
    expect(await headgate(["check"])).toMatchObject({ code: 0, out: expect.stringContaining("is in order") });
  });

  test("prints every problem and exits 1", async () => {
    const folder = folderWith({ "headgate.config.json": policy({ limmit: "5/min", site: "https://x/y" }) });
    const { code, err } = await headgate(["check"], folder);
    expect(code).toBe(1);
    expect(err).toContain('did you mean "limit"?');
    const asJson = await headgate(["check", "--json"], folder);
    expect(JSON.parse(asJson.out)).toMatchObject({ ok: false, problems: [{ path: "limmit" }] });
  });

  test("says which file names are looked for where there is no policy", async () => {
    expect(await headgate(["check"], folderWith({}))).toMatchObject({
      code: 1,
      err: expect.stringContaining("headgate.config.ts"),
    });
  });
});

describe("headgate serve", () => {
  function start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(process.execPath, [program, "serve", ...args], { cwd, env: { ...process.env, ...env } });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  }

  const freePorts = ["--https-port", "0", "--http-port", "0", "--admin-port", "0"];

  test("serves until it is told to stop, and ends in good order", async () => {
    const child = start(freePorts, folderWith({ "headgate.config.json": policy() }));
    let err = "";
    child.stderr?.on("data", (text) => (err += String(text)));
    await vi.waitFor(() => expect(err).toMatch(/admin token for this run: /), { timeout: 10_000 });
    const port = /http (\d+)/.exec(err)?.[1];
    const answer = await request(`http://127.0.0.1:${port}/`, { headers: { host: "localhost" } });
    expect(answer.statusCode).toBe(403);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test.each([
    [
      "a secret that is not there",
      {
        upstreams: {
          backend: { url: "http://127.0.0.1:1", credential: { kind: "secret", uri: "env://NOT_SET_ANYWHERE" } },
        },
      },
      /secret could not be resolved.*env:\/\/NOT_SET_ANYWHERE/s,
    ],
    [
      "a certificate that is not there",
      { listen: { certificate: { cert: "/nowhere/cert.pem", key: "/nowhere/key.pem" } } },
      /the certificate \/nowhere\/cert\.pem cannot be read/,
    ],
    [
      "no certificate for a public site",
      { site: "https://shop.example" },
      /no certificate for shop\.example: set listen/,
    ],
  ])("%s: it does not start, and says why", async (_name, more, message) => {
    const { code, err } = await headgate(["serve", ...freePorts], folderWith({ "headgate.config.json": policy(more) }));
    expect([code, err]).toEqual([1, expect.stringMatching(message)]);
  });

  test("a port that is taken: it does not start, and says which", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "0.0.0.0", resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = String(typeof address === "object" && address ? address.port : 0);
    const folder = folderWith({ "headgate.config.json": policy() });
    const { code, err } = await headgate(
      ["serve", "--https-port", "0", "--http-port", port, "--admin-port", "0"],
      folder,
    );
    expect([code, err]).toEqual([1, expect.stringContaining(`0.0.0.0:${port} cannot be listened on (EADDRINUSE)`)]);
  });

  test("an issuer that cannot be reached: it starts, is not ready, and answers 503 to tokens", async () => {
    const folder = folderWith({
      "headgate.config.json": policy({
        unsafe: { allowPlainHttp: "this test speaks to it over a plain socket" },
        identity: { issuers: [{ issuer: "http://127.0.0.1:9", audience: "x", algorithms: ["ES256"] }] },
      }),
    });
    const child = start(freePorts, folder);
    let err = "";
    child.stderr?.on("data", (text) => (err += String(text)));
    await vi.waitFor(() => expect(err).toMatch(/admin token for this run: /), { timeout: 10_000 });
    const [, port, admin] = /http (\d+), admin (\d+)/.exec(err) ?? [];
    expect((await request(`http://127.0.0.1:${admin}/readyz`)).statusCode).toBe(503);
    const token = ["eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ", "eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjkifQ", "AAAA"].join(".");
    const headers = { host: "localhost", authorization: `Bearer ${token}` };
    expect([401, 503]).toContain((await request(`http://127.0.0.1:${port}/`, { headers })).statusCode);
  });

  test("a policy in TypeScript reloads the modules that it imports, too", async () => {
    const folder = folderWith({
      "headgate.config.ts": `import { definePolicy, route, anyone } from "headgate";
import { path } from "./paths.ts";
export default definePolicy({
  site: "https://localhost",
  unsafe: { allowPlainHttp: "this test speaks to it over a plain socket" },
  upstreams: { backend: { url: "http://127.0.0.1:1" } },
  routes: [route(\`GET \${path}\`, { to: "backend", access: anyone() })],
});`,
      "paths.ts": 'export const path: string = "/old";',
    });
    const child = start(freePorts, folder);
    let err = "";
    child.stderr?.on("data", (text) => (err += String(text)));
    await vi.waitFor(() => expect(err).toMatch(/admin token for this run: /), { timeout: 10_000 });
    const port = /http (\d+)/.exec(err)?.[1];
    const statusOf = async (path: string) => {
      const answer = await request(`http://127.0.0.1:${port}${path}`, { headers: { host: "localhost" } });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect([await statusOf("/old"), await statusOf("/new")]).toEqual([502, 404]);
    writeFileSync(join(folder, "paths.ts"), 'export const path: string = "/new";');
    await vi.waitFor(async () => expect([await statusOf("/old"), await statusOf("/new")]).toEqual([404, 502]), {
      timeout: 5000,
    });
  });
});

test("usage errors exit 2", async () => {
  expect((await headgate(["serve", "--http-port", "seventy"])).code).toBe(2);
  expect((await headgate(["frobnicate"])).code).toBe(2);
  expect((await headgate(["explain"])).code).toBe(2);
  expect((await headgate(["--help"])).code).toBe(0);
});
