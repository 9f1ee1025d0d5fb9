/**
 * A real gateway on free ports in front of a real upstream, for tests over sockets.
 *
 * ```ts
 * const upstream = await startUpstream((request, response) => response.end("hello"));
 * const gateway = await startTestGateway({ routes: [open("GET /hello")] }, upstream.url);
 * ```
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { onTestFinished } from "vitest";
import type { ExchangeEvent } from "../../src/monitor/event.ts";
import { type Running, startGateway } from "../../src/runtime/start.ts";

/** A policy as JSON; `site`, `upstreams` and `listen` have defaults for tests. */
export type TestPolicy = Readonly<Record<string, unknown>> & {
  readonly routes: readonly unknown[];
  readonly transport?: Readonly<Record<string, unknown>>;
};

export interface TestGateway extends Running {
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly policyFile: string;
  /** What the log was told, in order. */
  readonly events: readonly ExchangeEvent[];
  /** Writes another policy into the file: the gateway reloads it. */
  rewrite(policy: TestPolicy): void;
}

/** A server that the test owns and that is closed when the test is over. */
export interface TestUpstream {
  readonly url: string;
  readonly server: Server;
}

/** A route that anyone may call, with more keys if needed. */
export function open(match: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { match, to: "backend", access: { kind: "anyone" }, ...more };
}

/** Starts an upstream on a free port of loopback. */
export async function startUpstream(listener: RequestListener): Promise<TestUpstream> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/**
 * Starts a gateway that serves calls on both ports, so that tests can speak plainly. Where a browser calls, the site has
 * to be the origin that it sees: name a free port and put it into `site`.
 */
export async function startTestGateway(
  policy: TestPolicy,
  upstreamUrl: string,
  { https = 0 }: { readonly https?: number } = {},
): Promise<TestGateway> {
  const folder = mkdtempSync(join(tmpdir(), "headgate-test-"));
  const policyFile = join(folder, "headgate.config.json");
  const complete = (written: TestPolicy) =>
    JSON.stringify({
      site: "https://localhost",
      hosts: ["127.0.0.1"],
      upstreams: { backend: { url: upstreamUrl } },
      unsafe: { allowPlainHttp: "tests speak to it over a plain socket" },
      log: { level: "error", allowed: false },
      ...written,
      transport: { drainTimeout: "2s", ...written.transport },
    });
  writeFileSync(policyFile, complete(policy));
  const events: ExchangeEvent[] = [];
  const running = await startGateway({
    policyFile,
    host: "127.0.0.1",
    ports: { https, http: 0, admin: 0 },
    logDescriptor: 2,
    observe: (event) => events.push(event),
  });
  onTestFinished(async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...running,
    httpsPort: running.httpsPort ?? 0,
    httpPort: running.httpPort ?? 0,
    policyFile,
    events,
    rewrite: (next) => writeFileSync(policyFile, complete(next)),
  };
}

/** What came back over a raw socket. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are and reads until the other side closes or the answer is complete. */
export function sendRaw(
  port: number,
  bytes: string | readonly string[],
  options: { readonly tls?: boolean } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = options.tls
      ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] })
      : connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1");
    const finish = () => {
      const answer = parseAnswer(received);
      if (answer) resolve(answer);
      else reject(new Error(`no answer, but ${JSON.stringify(received.slice(0, 200))}`));
      socket.destroy();
    };
    socket.on("data", (text: string) => {
      received += text;
      if (isComplete(received)) finish();
    });
    socket.on("end", finish);
    socket.on("close", finish);
    socket.on("error", (error) => (received === "" ? reject(error) : finish()));
    for (const part of typeof bytes === "string" ? [bytes] : bytes) socket.write(part, "latin1");
  });
}

function parseAnswer(text: string): RawAnswer | undefined {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (end < 0 || Number.isNaN(status)) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status, headers, body: text.slice(end + 4) };
}

function isComplete(text: string): boolean {
  const answer = parseAnswer(text);
  if (!answer) return false;
  const length = answer.headers["content-length"];
  if (length !== undefined) return answer.body.length >= Number(length);
  return answer.headers["transfer-encoding"] === "chunked" && answer.body.endsWith("0\r\n\r\n");
}

/** The problem that an answer holds: its last word, such as `not-found`. */
export function problemOf(answer: { readonly body: string }): string {
  const problem = JSON.parse(answer.body) as { readonly type: string };
  return problem.type.slice("urn:headgate:problem:".length);
}
