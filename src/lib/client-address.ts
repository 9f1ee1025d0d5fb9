import { type Cidr, matchesCidr, parseAddress } from "./ip.ts";

/** What is known about where a request came from. */
export interface Origin {
  /** The address at the other end of the connection. */
  readonly socketAddress: string;
  /** The value of `X-Forwarded-For`, several fields joined by commas. */
  readonly forwardedFor: string | undefined;
  /** The proxies whose word is taken. */
  readonly trusted: readonly Cidr[];
}

/**
 * The address of the client, right behind none, one or several trusted proxies.
 *
 * The list is read from its right end, where the nearest proxy wrote: everything to the left of the first hop that is
 * not trusted was written by that hop itself and may be invented. What is no address ends the walk at the last proxy
 * that was believed: garbage must never become a fresh identity for limits.
 */
export function clientAddress({ socketAddress, forwardedFor, trusted }: Origin): string {
  let current = plainAddress(socketAddress);
  if (!forwardedFor || !isTrusted(current, trusted)) return current;
  let end = forwardedFor.length;
  while (end > 0) {
    const comma = forwardedFor.lastIndexOf(",", end - 1);
    const hop = plainAddress(withoutPort(forwardedFor.slice(comma + 1, end).trim()));
    if (!parseAddress(hop)) return current;
    current = hop;
    if (comma < 0 || !isTrusted(hop, trusted)) return current;
    end = comma;
  }
  return current;
}

/** Whether an address belongs to a trusted proxy. */
export function isTrusted(address: string, trusted: readonly Cidr[]): boolean {
  if (trusted.length === 0) return false;
  const parsed = parseAddress(address);
  return parsed !== undefined && trusted.some((cidr) => matchesCidr(parsed, cidr));
}

/** `::ffff:10.0.0.1`, as dual-stack sockets write IPv4, becomes `10.0.0.1`: one client, one spelling in the logs. */
function plainAddress(text: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  return mapped !== undefined && parseAddress(mapped) ? mapped : text;
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const [, bracketed, ipv4] = /^(?:\[([0-9a-fA-F:.]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5})$/.exec(text) ?? [];
  return bracketed ?? ipv4 ?? text;
}
