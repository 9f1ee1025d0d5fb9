/** Bad input, over sockets: it is answered clearly, costs little, and leaves memory where it was. */
import { gzipSync } from "node:zlib";
import { request } from "undici";
import { expect, test } from "vitest";
import { open, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

interface Said {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

async function ask({ httpPort }: TestGateway, { body, headers = {}, path = "/graphql" }: Said) {
  const answer = await request(`http://127.0.0.1:${httpPort}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const text = await answer.body.text();
  const code = (JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] }).errors?.[0]?.extensions?.code;
  return { status: answer.statusCode, code, text };
}

const query = (text: string) => JSON.stringify({ query: text });
const spreads = (count: number) =>
  Array.from({ length: count }, (_, n) => `fragment F${n} on Q{a ...F${n + 1} b{...F${n + 1}}}`).join(" ");

const bad: readonly (readonly [name: string, status: number, code: string | undefined, said: Said])[] = [
  [
    "ten thousand levels of fields",
    400,
    "OPERATION_TOO_LARGE",
    { body: query("{a".repeat(10_000) + "}".repeat(10_000)) },
  ],
  ["ten thousand levels of lists", 400, "OPERATION_TOO_LARGE", { body: query(`{a(x:${"[".repeat(10_000)}`) }],
  ["ten thousand inline fragments", 400, "OPERATION_TOO_LARGE", { body: query(`{${"...{".repeat(10_000)}`) }],
  [
    "a chain of fragments",
    400,
    "OPERATION_TOO_LARGE",
    { body: query(`{...F0} ${spreads(100)} fragment F100 on Q{a}`) },
  ],
  ["ten thousand aliases", 400, "OPERATION_TOO_LARGE", { body: query(`{${"a:b ".repeat(10_000)}}`) }],
  ["ten thousand directives", 400, "OPERATION_TOO_LARGE", { body: query(`{a ${"@a".repeat(10_000)}}`) }],
  [
    "ten thousand levels of variables",
    400,
    "MALFORMED_BODY",
    { body: `{"query":"{a}","variables":${'{"a":'.repeat(10_000)}` },
  ],
  ["a text that never ends", 400, "INVALID_OPERATION", { body: query(`{a(x:"${"b".repeat(10_000)}`) }],
  ["a block text that never ends", 400, "INVALID_OPERATION", { body: query(`{a(x:"""${'\\"""'.repeat(5000)}`) }],
  ["a body beyond the limit", 413, "BODY_TOO_LARGE", { body: query(`{a} #${"x".repeat(70_000)}`) }],
  [
    "a small body that unfolds to a large one",
    413,
    "BODY_TOO_LARGE",
    { body: gzipSync(query(`{a} #${"x".repeat(1_000_000)}`)), headers: { "content-encoding": "gzip" } },
  ],
  [
    "a coding that nobody knows",
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    { body: query("{a}"), headers: { "content-encoding": "rot13" } },
  ],
  ["no UTF-8", 400, "MALFORMED_BODY", { body: Buffer.from('{"query":"{a}\xff"}', "latin1") }],
  ["a byte order mark", 400, "MALFORMED_BODY", { body: `\ufeff${query("{a}")}` }],
  ["UTF-16", 400, "MALFORMED_BODY", { body: Buffer.from(query("{a}"), "utf16le") }],
  ["a form that calls itself JSON", 400, "MALFORMED_BODY", { body: "query={a}" }],
  [
    "JSON that calls itself a form",
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    { body: query("{a}"), headers: { "content-type": "application/x-www-form-urlencoded" } },
  ],
  [
    "JSON that calls itself something else, too",
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    { body: query("{a}"), headers: { "content-type": "application/json, text/plain" } },
  ],
  ["a key that reaches a prototype", 400, "MALFORMED_BODY", { body: '{"query":"{a}","variables":{"__proto__":{}}}' }],
  [
    "another operation in the query",
    400,
    "INVALID_QUERY",
    { body: query("{a}"), path: "/graphql?query=mutation%7Bb%7D" },
  ],
  ["another key in the query", 400, "INVALID_QUERY", { body: query("{a}"), path: "/graphql?debug=1" }],
];

async function start(): Promise<{ readonly gateway: TestGateway; readonly reached: () => number }> {
  let reached = 0;
  const { url } = await startUpstream((_, response) => {
    reached += 1;
    response.setHeader("content-type", "application/json");
    response.end('{"data":{"a":1}}');
  });
  const routes = [open("POST /graphql", { graphql: {} })];
  return { gateway: await startTestGateway({ routes }, url), reached: () => reached };
}

test("bad input is answered with what it is, in the form of GraphQL, and reaches nobody", async () => {
  const { gateway, reached } = await start();
  for (const [name, status, code, said] of bad) {
    const answer = await ask(gateway, said);
    expect([name, answer.status, answer.code]).toEqual([name, status, code]);
  }
  expect(reached()).toBe(0);
  expect((await ask(gateway, { body: query("{a}") })).text).toBe('{"data":{"a":1}}');
});

test("what a flood of new and of bad operations leaves in memory is bounded", async () => {
  const { gateway } = await start();
  let sent = 0;
  const flood = async (count: number) => {
    for (let at = 0; at < count; at += 20)
      await Promise.all(
        Array.from({ length: 20 }, () => {
          sent += 1;
          const [, , , said] = bad[sent % 8] as (typeof bad)[number];
          return ask(gateway, sent % 2 === 0 ? said : { body: query(`{a${sent} #${"x".repeat(8000)}\n}`) });
        }),
      );
  };
  const used = () => process.memoryUsage().heapUsed / 1024 / 1024;
  await flood(1500);
  const before = used();
  await flood(1500);
  // The documents that are remembered have at most 4 MB; what is not collected yet comes on top.
  expect(used() - before).toBeLessThan(64);
}, 30_000);
