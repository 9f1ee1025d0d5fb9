/** Folders of files, and a gateway that serves them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { request } from "undici";
import { onTestFinished } from "vitest";
import { open, startTestGateway, type TestGateway } from "./gateway.ts";

/** A script that is worth compressing. */
export const script = `console.log(${JSON.stringify("x".repeat(500))});`;

/** Writes files into a folder `dist` of a new folder, which goes when the test is over. */
export function createSite(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-site-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "dist", name)), { recursive: true });
    writeFileSync(join(folder, "dist", name), content);
  }
  return folder;
}

/** A small site. */
export const pages = {
  "index.html": "<h1>Home</h1>",
  "about.html": "<h1>About</h1>",
  "blog/index.html": "<h1>Blog</h1>",
  "404.html": "<h1>Lost</h1>",
  "assets/app-BkR3sVxZ.js": script,
  "assets/logo.svg": "<svg/>",
  "data.json": '{"a":1}',
  "film.mp4": Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256)),
};

/** Starts a gateway in front of the folder's `dist`. */
export function startSite(
  folder: string,
  options: Readonly<Record<string, unknown>> = {},
  routes: readonly unknown[] = [open("GET /*", { page: true, query: "any" })],
): Promise<TestGateway> {
  const site = { directory: join(folder, "dist"), ...options };
  return startTestGateway({ routes, upstreams: { backend: site } }, "");
}

/** An answer, read to its end. */
export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Asks for a path. */
export async function get(
  { httpPort }: TestGateway,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method: "GET" | "HEAD" = "GET",
): Promise<Got> {
  const answer = await request(`http://127.0.0.1:${httpPort}${path}`, { headers, method });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() };
}
