import type { Clock } from "../lib/clock.ts";
import { HeadgateError } from "../lib/error.ts";

/** No issuer needs more for its metadata or its keys; a longer answer is cut off while it arrives. */
const maxBytes = 256 * 1024;
const timeoutMs = 5_000;

/** The network and the time, passed in. */
export interface FetchEnv {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Fetches one JSON document from an issuer. Redirects are refused: they would let any page of the issuer's host that
 * forwards visitors choose where keys come from.
 *
 * @throws HeadgateError `keys-unreachable`, with the URL and what was wrong
 */
export async function fetchJson(url: string, { clock, fetch }: FetchEnv, stop: AbortSignal): Promise<unknown> {
  const late = new AbortController();
  const finished = new AbortController();
  const abort = AbortSignal.any([late.signal, stop]);
  clock.sleep(timeoutMs, finished.signal).then(
    () => late.abort(new Error(`no complete answer within ${timeoutMs / 1000} s`)),
    () => undefined,
  );
  try {
    return await Promise.race([load(url, fetch, abort), rejectOn(abort)]);
  } catch (cause) {
    throw new HeadgateError("keys-unreachable", `${url}: ${describe(cause)}`, { cause });
  } finally {
    finished.abort();
  }
}

async function load(url: string, fetch: FetchEnv["fetch"], signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    redirect: "manual",
    credentials: "omit",
    headers: { accept: "application/json, application/jwk-set+json" },
    signal,
  });
  try {
    if (response.status >= 300 && response.status < 400)
      throw new Error(`answered ${response.status}; redirects are not followed`);
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
    const type = response.headers.get("content-type") ?? "nothing";
    if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) throw new Error(`answered ${type}, not JSON`);
    return parse(await readBounded(response));
  } finally {
    // Whatever was not read is not wanted: let the connection go.
    if (response.body && !response.bodyUsed) await response.body.cancel();
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new Error(`answered more than ${maxBytes / 1024} KB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error("the answer is not valid JSON", { cause });
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** The message of an error and of its causes: `fetch failed` alone tells an operator nothing. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${describe(error.cause)})`;
}
