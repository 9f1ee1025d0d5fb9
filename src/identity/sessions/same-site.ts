import type { Exchange } from "../../guards/contract/exchange.ts";

/**
 * Whether a browser says that a page of the site itself makes this call: by `Origin`, or without one by what it says of the
 * caller (Fetch Metadata). `null`, which any sandboxed frame has, is foreign.
 */
export function comesFromSite(exchange: Pick<Exchange, "header">, site: string): boolean {
  const origin = exchange.header("origin");
  return origin === undefined ? exchange.header("sec-fetch-site") === "same-origin" : origin === site;
}
