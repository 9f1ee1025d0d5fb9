/** A gigabyte each way through a gateway in a process of its own, whose memory is watched meanwhile. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { expect, onTestFinished, test, vi } from "vitest";
import { open, startUpstream } from "../support/gateway.ts";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const block = Buffer.alloc(1024 * 1024, 7);
const blocks = 1024;
const extraBytes = 64 * 1024 * 1024;

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

async function* gigabyte(): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < blocks; sent += 1) yield block;
}

test("a 1 GB upload and a 1 GB download stay under 64 MB of extra memory", { timeout: 120_000 }, async () => {
  const upstream = await startUpstream((incoming, response) => {
    if (incoming.method === "GET") {
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": String(block.length * blocks),
      });
      Readable.from(gigabyte()).pipe(response);
      return;
    }
    let received = 0;
    incoming.on("data", (chunk: Buffer) => (received += chunk.length));
    incoming.on("end", () => response.end(String(received)));
  });
  const folder = mkdtempSync(join(tmpdir(), "headgate-large-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const policy = {
    site: "https://localhost",
    upstreams: { backend: { url: upstream.url } },
    unsafe: { allowPlainHttp: "tests speak to it over a plain socket" },
    transport: { maxBodyBytes: "2gb" },
    routes: [open("POST /up", { body: "any" }), open("GET /down", { page: true })],
  };
  writeFileSync(join(folder, "headgate.config.json"), JSON.stringify(policy));
  const args = [program, "serve", "--https-port", "off", "--http-port", "0", "--admin-port", "off"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let told = "";
  child.stderr.on("data", (text) => (told += String(text)));
  await vi.waitFor(() => expect(told).toMatch(/http (\d+)/), { timeout: 10_000 });
  const origin = `http://127.0.0.1:${/http (\d+)/.exec(told)?.[1]}`;
  const headers = { host: "localhost" };
  const pid = child.pid ?? 0;

  // What the first bytes cost once (buffers of sockets, compiled code) is not what a stream costs.
  await (await request(`${origin}/up`, { method: "POST", headers, body: block })).body.dump();
  const before = residentBytes(pid);
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, residentBytes(pid))), 20);
  try {
    const up = await request(`${origin}/up`, { method: "POST", headers, body: Readable.from(gigabyte()) });
    expect(await up.body.text()).toBe(String(block.length * blocks));
    const down = await request(`${origin}/down`, { headers });
    let received = 0;
    for await (const chunk of down.body) received += (chunk as Buffer).length;
    expect(received).toBe(block.length * blocks);
  } finally {
    clearInterval(timer);
  }
  expect(Math.round((peak - before) / 1024 / 1024)).toBeLessThan(extraBytes / 1024 / 1024);
});
