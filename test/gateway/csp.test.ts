/** Pages on their way through a real gateway, over real sockets: nonces, streams, bad input, memory. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { request } from "undici";
import { describe, expect, test } from "vitest";
import { open, problemOf, startTestGateway, startUpstream } from "../support/gateway.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function start(answer: Answer, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const upstream = await startUpstream(answer);
  const routes = [open("GET /*", { page: true }), open("GET /api/page")];
  const { httpPort } = await startTestGateway({ routes, ...more }, upstream.url);
  return `http://127.0.0.1:${httpPort}`;
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  const { statusCode, headers: received, body } = await request(url, { headers });
  return { status: statusCode, headers: received, body: await body.text() };
}

const nonceOf = (policy: unknown): string => /'nonce-([^']+)'/.exec(String(policy))?.[1] ?? "";
const page = '<!doctype html><title>x</title><script src="/assets/app.js"></script><script>injected()</script>';
const sendPage: Answer = (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(page);

describe("a page behind the gateway", () => {
  test("has a nonce that no other answer has, on the scripts that it knows and on no other", async () => {
    const origin = await start(sendPage);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(`${origin}/x`)));
    const nonces = answers.map(({ headers }) => nonceOf(headers["content-security-policy"]));
    expect(new Set(nonces).size).toBe(20);
    for (const [at, { body }] of answers.entries()) {
      expect(body).toBe(page.replace("<script src", `<script nonce="${nonces[at]}" src`));
    }
  });

  test("that a renderer wrote with the nonce it was given keeps it", async () => {
    // As Next.js does: the nonce is read out of the policy in the request.
    const origin = await start(({ headers }, response) => {
      const nonce = nonceOf(headers["content-security-policy"]);
      expect(headers["x-nonce"]).toBe(nonce);
      response.writeHead(200, { "content-type": "text/html" }).end(`<script nonce="${nonce}">own()</script>`);
    });
    const { headers, body } = await get(`${origin}/x`, {
      "x-nonce": "evil",
      "content-security-policy": "'nonce-evil'",
    });
    expect(body).toBe(`<script nonce="${nonceOf(headers["content-security-policy"])}">own()</script>`);
    expect(body).not.toContain("evil");
  });

  test("begins to arrive before it is whole", async () => {
    let finish = () => {};
    const origin = await start((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).write("<p>first</p><script src=/assets/a");
      finish = () => void response.end(".js></script>");
    });
    const { body, headers } = await request(`${origin}/x`);
    const parts = body[Symbol.asyncIterator]();
    expect(String((await parts.next()).value)).toBe("<p>first</p>");
    finish();
    let rest = "";
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) rest += String(next.value);
    expect(rest).toBe(`<script nonce="${nonceOf(headers["content-security-policy"])}" src=/assets/a.js></script>`);
  });

  test.each([
    ["gzip", gzipSync(page)],
    ["br", brotliCompressSync(page)],
  ])("that comes in %s is unpacked and stamped", async (coding, bytes) => {
    const origin = await start((_, response) => {
      response.writeHead(200, { "content-type": "text/html", "content-encoding": coding }).end(bytes);
    });
    const { headers, body } = await get(`${origin}/x`, { "accept-encoding": "gzip, br" });
    expect(headers["content-encoding"]).toBeUndefined();
    expect(body).toContain(`<script nonce="${nonceOf(headers["content-security-policy"])}" src="/assets/app.js">`);
  });

  test("a file beside the pages stays packed, with its validator", async () => {
    const bytes = gzipSync("let a");
    const origin = await start((_, response) => {
      response
        .writeHead(200, { "content-type": "text/javascript", "content-encoding": "gzip", etag: '"1"' })
        .end(bytes);
    });
    const { headers } = await get(`${origin}/assets/app.js`, { "accept-encoding": "gzip" });
    expect([headers["content-encoding"], headers.etag]).toEqual(["gzip", '"1"']);
  });

  test("HEAD and 304 have no page to put a nonce into", async () => {
    const origin = await start((_, response) => void response.writeHead(304, { etag: '"1"' }).end());
    const notModified = await get(`${origin}/x`, { "if-none-match": '"1"' });
    expect([notModified.status, notModified.headers["content-security-policy"]]).toEqual([304, undefined]);
    const other = await start(sendPage);
    const head = await request(`${other}/x`, { method: "HEAD" });
    expect(nonceOf(head.headers["content-security-policy"])).toHaveLength(24);
    expect(head.headers["content-length"]).toBeUndefined();
    await head.body.dump();
  });

  test("of an API is data: nothing in it runs", async () => {
    const origin = await start(sendPage);
    const { headers } = await get(`${origin}/api/page`);
    expect(headers["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'");
  });
});

describe("pages that are not what they should be", () => {
  test.each<[string, Buffer]>([
    ["invalid UTF-8", Buffer.from([0x3c, 0x70, 0x3e, 0xff, 0xfe, 0xc3, 0x28, 0x3c, 0x2f, 0x70, 0x3e])],
    ["zeros", Buffer.alloc(1000)],
    ["nothing but signs that begin a tag", Buffer.from("<".repeat(10_000))],
    ["an attribute without an end", Buffer.from(`<p title="${"x".repeat(200_000)}`)],
    ["a comment without an end", Buffer.from(`<!--${"-".repeat(200_000)}`)],
    ["ten thousand nested elements", Buffer.from("<div>".repeat(10_000))],
  ])("%s: arrives as it came", async (_, bytes) => {
    const origin = await start((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      for (let at = 0; at < bytes.length; at += 999) response.write(bytes.subarray(at, at + 999));
      response.end();
    });
    const { statusCode, body } = await request(`${origin}/x`);
    expect(statusCode).toBe(200);
    expect(Buffer.from(await body.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("broken chunking never looks like the end of a page", async () => {
    const origin = await start(({ socket }) => {
      const head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n";
      socket.end(`${head}5\r\n<p>ab\r\nzz\r\n`);
    });
    expect(await outcomeOf(`${origin}/x`)).toBe("failed");
  });

  test("a coding that is not what it says, and an encoding that hides tags", async () => {
    const origin = await start(({ url }, response) => {
      const type = url === "/utf-16" ? "text/html; charset=utf-16" : "text/html";
      const coding = url === "/gzip" ? { "content-encoding": "gzip" } : {};
      response.writeHead(200, { "content-type": type, ...coding }).end(page);
    });
    const hidden = await get(`${origin}/utf-16`);
    expect([hidden.status, problemOf(hidden)]).toEqual([502, "response-refused"]);
    expect(await outcomeOf(`${origin}/gzip`)).toBe("failed");
  });

  test("fifty megabytes leave memory where it was", async () => {
    const block = Buffer.from(`<p class="x">${"text ".repeat(200)}</p><script src="/assets/a.js"></script>`.repeat(60));
    const blocks = Math.ceil(50_000_000 / block.length);
    const origin = await start((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      let sent = 0;
      const send = () => {
        while (sent < blocks) {
          sent += 1;
          if (!response.write(block)) return void response.once("drain", send);
        }
        response.end();
      };
      send();
    });
    const read = async () => {
      const { body, headers } = await request(`${origin}/x`);
      const nonce = nonceOf(headers["content-security-policy"]);
      let bytes = 0;
      let peak = 0;
      for await (const part of body) {
        bytes += (part as Buffer).length;
        peak = Math.max(peak, process.memoryUsage().rss);
      }
      return { bytes, peak, added: ` nonce="${nonce}"`.length };
    };
    await read();
    const before = process.memoryUsage().rss;
    const { bytes, peak, added } = await read();
    expect(bytes).toBe(blocks * (block.length + 60 * added));
    expect((peak - before) / 1_000_000).toBeLessThan(64);
  });
});

/** Whether a page arrived as a whole one. */
async function outcomeOf(url: string): Promise<"whole" | "failed"> {
  try {
    return (await get(url)).status < 500 ? "whole" : "failed";
  } catch {
    return "failed";
  }
}
