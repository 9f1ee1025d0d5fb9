import { expect, test } from "vitest";
import { fakeClock } from "../../test/support/clock.ts";
import { fetchJson } from "./fetch-json.ts";

const url = "https://id.example/oauth/keys";
const never = new AbortController().signal;

test("gives the document, asked for without cookies and without following redirects", async () => {
  const inits: (RequestInit | undefined)[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    inits.push(init);
    return Response.json({ keys: [] });
  };
  const clock = fakeClock();
  expect(await fetchJson(url, { clock, fetch }, never)).toEqual({ keys: [] });
  expect(inits).toEqual([expect.objectContaining({ redirect: "manual", credentials: "omit" })]);
  await clock.advance(0);
  expect(clock.sleepers).toBe(0);
});

test.each([
  ["application/json"],
  ["application/json; charset=utf-8"],
  ["Application/JSON"],
  ["application/jwk-set+json"],
])("reads %s", async (type) => {
  const fetch = async () => new Response("[1]", { headers: { "content-type": type } });
  expect(await fetchJson(url, { clock: fakeClock(), fetch }, never)).toEqual([1]);
});

test.each<[name: string, answer: () => Response, message: RegExp]>([
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "https://evil.example/keys" } }),
    /: answered 302; redirects are not followed$/,
  ],
  ["an error", () => new Response("oops", { status: 500 }), /: answered 500$/],
  ["no content", () => new Response(null, { status: 204 }), /: answered 204$/],
  [
    "a page",
    () => new Response("{}", { headers: { "content-type": "text/html" } }),
    /: answered text\/html, not JSON$/,
  ],
  ["no content type", () => new Response(Uint8Array.of(0x7b, 0x7d)), /: answered nothing, not JSON$/],
  ["broken JSON", () => json('{"keys":['), /not valid JSON/],
  ["broken UTF-8", () => json(Uint8Array.of(0x22, 0xff, 0x22)), /encoded data was not valid/],
  ["a body without an end", () => json(endless()), /: answered more than 256 KB$/],
])("refuses %s, and says so with the address", async (_, answer, message) => {
  const fetched = fetchJson(url, { clock: fakeClock(), fetch: async () => answer() }, never);
  await expect(fetched).rejects.toMatchObject({
    code: "keys-unreachable",
    message: expect.stringMatching(message),
  });
});

test("says what lies behind a failed connection", async () => {
  const cause = new Error("connect ECONNREFUSED 192.0.2.7:443");
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
  await expect(fetchJson(url, { clock: fakeClock(), fetch }, never)).rejects.toThrow(
    `${url}: fetch failed (connect ECONNREFUSED 192.0.2.7:443)`,
  );
});

test("gives up after 5 s on a body that stalls", async () => {
  const clock = fakeClock();
  const stalled = () => json(new ReadableStream({ start: (body) => body.enqueue(Uint8Array.of(0x7b)) }));
  const fetched = fetchJson(url, { clock, fetch: async () => stalled() }, never);
  const refused = expect(fetched).rejects.toThrow(`${url}: no complete answer within 5 s`);
  await clock.advance(5_000);
  await refused;
});

test("gives up at once when it is stopped", async () => {
  const stop = new AbortController();
  const fetch = () => new Promise<Response>(() => undefined);
  const fetched = fetchJson(url, { clock: fakeClock(), fetch }, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(fetched).rejects.toThrow("stopped");
});

function json(body: BodyInit): Response {
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** A body that goes on for as long as anybody reads. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(64 * 1024).fill(0x20)) });
}
