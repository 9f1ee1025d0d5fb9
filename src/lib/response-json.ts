import { dropBodyFacts } from "./body-facts.ts";
import type { Body, GatewayResponse } from "./gateway-response.ts";
import { concat } from "./byte-queue.ts";
import { isJson, parseMediaType } from "./media-type.ts";

/** What a response body turned out to be, as far as JSON goes. */
export type ResponseJson =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "empty" | "not-json" | "malformed" | "too-large" };

/** Parsed bodies by the very bytes: several guards of one exchange look at the same answer. */
const parsed = new WeakMap<Uint8Array, ResponseJson>();
const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** Upstreams spell their content types in a few ways; each is parsed once. */
const knownTypes = new Map<string, boolean>();
const maxKnownTypes = 256;

/** Whether the response says that it is JSON. */
export function saysJson(response: GatewayResponse): boolean {
  const contentType = response.headers.get("content-type") ?? "";
  let json = knownTypes.get(contentType);
  if (json === undefined) {
    const mediaType = parseMediaType(contentType);
    json = mediaType !== undefined && isJson(mediaType);
    if (knownTypes.size < maxKnownTypes) knownTypes.set(contentType, json);
  }
  return json;
}

/**
 * The response's body as JSON. A stream is collected up to `maxBytes`; what was collected goes back into the response, so
 * that a body which is too large or no JSON can still be passed on.
 */
export function readResponseJson(response: GatewayResponse, maxBytes: number): ResponseJson | Promise<ResponseJson> {
  const { body } = response;
  if (body === null) return { kind: "empty" };
  if (!saysJson(response)) return { kind: "not-json" };
  if (body instanceof Uint8Array) return body.length > maxBytes ? { kind: "too-large" } : parse(body);
  return collectBody(response, maxBytes).then((whole) => (whole ? parse(whole) : { kind: "too-large" }));
}

/**
 * The whole body, if it has no more than so many bytes. What was collected of a stream goes back into the response, so that
 * a body which is too large can still be passed on.
 */
export async function collectBody(response: GatewayResponse, maxBytes: number): Promise<Uint8Array | undefined> {
  const { body } = response;
  if (body === null) return undefined;
  if (body instanceof Uint8Array) return body.length > maxBytes ? undefined : body;
  const { whole, rest } = await collect(body, maxBytes);
  response.body = whole ?? rest;
  return whole;
}

/** Puts another value in place of the body. Validators of the upstream's bytes say nothing about these. */
export function writeResponseJson(response: GatewayResponse, value: unknown): void {
  const bytes = encoder.encode(JSON.stringify(value));
  parsed.set(bytes, { kind: "json", value });
  response.body = bytes;
  dropBodyFacts(response.headers);
}

function parse(bytes: Uint8Array): ResponseJson {
  const known = parsed.get(bytes);
  if (known) return known;
  const result = parseNow(bytes);
  parsed.set(bytes, result);
  return result;
}

function parseNow(bytes: Uint8Array): ResponseJson {
  if (bytes.length === 0) return { kind: "empty" };
  try {
    return { kind: "json", value: JSON.parse(decoder.decode(bytes)) };
  } catch {
    return { kind: "malformed" };
  }
}

async function collect(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ readonly whole: Uint8Array | undefined; readonly rest: Body }> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= maxBytes) {
    const { done, value } = await iterator.next();
    if (done) return { whole: concat(chunks, length), rest: null };
    chunks.push(value);
    length += value.length;
  }
  return { whole: undefined, rest: replay(chunks, iterator) };
}

/** What was taken out of a stream, and then the stream. */
async function* replay(chunks: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ended = false;
  try {
    yield* chunks;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
    ended = true;
  } finally {
    if (!ended) await rest.return?.();
  }
}
