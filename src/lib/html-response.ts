import { dropBodyFacts } from "./body-facts.ts";
import type { GatewayResponse } from "./gateway-response.ts";
import { isUtf8, parseMediaType } from "./media-type.ts";
import { collectBody } from "./response-json.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/**
 * The text of an answer that is HTML; undefined in place of a promise where it is of another type, undefined in the promise
 * where it is too large or not in UTF-8. What was collected of a stream goes back into the response.
 */
export function readFragment(response: GatewayResponse, maxBytes: number): Promise<string | undefined> | undefined {
  const type = parseMediaType(response.headers.get("content-type") ?? "");
  if (type?.essence !== "text/html") return undefined;
  return isUtf8(type) ? readText(response, maxBytes) : Promise.resolve(undefined);
}

async function readText(response: GatewayResponse, maxBytes: number): Promise<string | undefined> {
  const bytes = await collectBody(response, maxBytes);
  if (!bytes) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Puts the cleaned text in place of the body. The encoding is said in any case: a browser that has to guess it may guess
 * one in which other bytes are a less-than sign.
 */
export function writeFragment(response: GatewayResponse, html: string, isSame: boolean): void {
  response.headers.set("content-type", "text/html; charset=utf-8");
  if (isSame) return;
  response.body = encoder.encode(html);
  dropBodyFacts(response.headers);
}
