/** An address as numbers: 32 bits for IPv4, 128 for IPv6. IPv4 in IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** A block of addresses: those whose first `prefix` bits are those of `bits`. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

const mappedPrefix = 0xffffn;

/**
 * Reads an IPv4 or IPv6 address in text (RFC 4291 section 2.2). Zone ids (`fe80::1%eth0`) and IPv4 with leading zeros,
 * which some read as octal, are no addresses here.
 */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const bits = parseIpv4(text);
    return bits === undefined ? undefined : { family: 4, bits };
  }
  const bits = parseIpv6(text);
  if (bits === undefined) return undefined;
  return bits >> 32n === mappedPrefix ? { family: 4, bits: bits & 0xffffffffn } : { family: 6, bits };
}

/**
 * Reads a block such as `"10.0.0.0/8"`; a lone address is a block of one.
 * @throws Error when the text is no block, or names bits behind its prefix
 */
export function parseCidr(text: string): Cidr {
  const [address = "", length, ...rest] = text.split("/");
  const parsed = parseAddress(address);
  const width = parsed?.family === 4 ? 32 : 128;
  // "::ffff:10.0.0.0/104" counts its prefix in IPv6 bits: the block of IPv4 that it means is "10.0.0.0/8".
  const offset = parsed?.family === 4 && address.includes(":") ? 96 : 0;
  const prefix = length === undefined ? width : /^\d{1,3}$/.test(length) ? Number(length) - offset : Number.NaN;
  if (!parsed || rest.length > 0 || !(prefix >= 0 && prefix <= width)) {
    throw new Error(
      `${JSON.stringify(text.slice(0, 60))} is no block of addresses. Write "10.0.0.0/8" or "2001:db8::/32".`,
    );
  }
  if (parsed.bits & ((1n << BigInt(width - prefix)) - 1n)) {
    throw new Error(`${JSON.stringify(text)} names bits behind its prefix: it is unclear which block is meant.`);
  }
  return { family: parsed.family, bits: parsed.bits, prefix };
}

/** Whether an address lies in a block. */
export function matchesCidr(address: Address, cidr: Cidr): boolean {
  if (address.family !== cidr.family) return false;
  const shift = BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefix);
  return address.bits >> shift === cidr.bits >> shift;
}

/**
 * The address as limits count it: IPv4 whole, IPv6 by its /64, since whoever has one IPv6 address has 2^64 of them.
 * What is no address (a Unix socket's peer) counts as one caller.
 */
export function limitKey(address: string): string {
  // IPv4 has one spelling only: most calls end here, without arithmetic.
  if (!address.includes(":")) return parseIpv4(address) === undefined ? "unknown" : address;
  const parsed = parseAddress(address);
  if (!parsed) return "unknown";
  if (parsed.family === 4) return [24n, 16n, 8n, 0n].map((shift) => (parsed.bits >> shift) & 0xffn).join(".");
  return `${[112n, 96n, 80n, 64n].map((shift) => ((parsed.bits >> shift) & 0xffffn).toString(16)).join(":")}::/64`;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return BigInt(value);
}

function parseIpv6(text: string): bigint | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split("::", 3);
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? "", true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  // "::" stands for at least one group (RFC 4291 section 2.2 as node and the WHATWG URL standard read it).
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups between colons; the last may be an IPv4 address, which makes two. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":", 9);
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const ipv4 = isEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 === undefined) return undefined;
    groups.push(Number(ipv4 >> 16n), Number(ipv4 & 0xffffn));
  }
  return groups;
}
