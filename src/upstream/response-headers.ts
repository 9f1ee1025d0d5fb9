import { HeaderList } from "../lib/header-list.ts";

/**
 * Fields that belong to one connection and never pass a gateway (RFC 9110 section 7.6.1). `Host` is none of a response at
 * all: PHP's own server echoes it, and with it the address behind.
 */
const hopByHop = new Set([
  "connection",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The upstream's header fields as a flat list, without those of its connection and without what `Connection` names. */
export function takeResponseHeaders(received: Readonly<Record<string, string | string[] | undefined>>): HeaderList {
  const { connection } = received;
  const named =
    connection === undefined || connection === "keep-alive" || connection === "close"
      ? undefined
      : connectionTokens(connection);
  const flat: string[] = [];
  for (const name in received) {
    if (hopByHop.has(name) || named?.has(name)) continue;
    const value = received[name];
    if (typeof value === "string") flat.push(name, value);
    else if (value) for (const one of value) flat.push(name, one);
  }
  return new HeaderList(flat);
}

function connectionTokens(value: string | string[]): Set<string> {
  const text = typeof value === "string" ? value : value.join(",");
  return new Set(text.split(",").map((token) => token.trim().toLowerCase()));
}
