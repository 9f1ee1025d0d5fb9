import { type Address, type Cidr, matchesCidr, parseAddress, parseCidr } from "../ip.ts";

/** Ranges that no public service has: private, shared, loopback, link-local, documentation's neighbours, multicast. */
const inner: readonly Cidr[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/3",
  "::/96",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
].map(parseCidr);

/** The metadata service of a cloud provider that has it on a public range. */
const alsoInner = new Set(["100.100.100.200", "168.63.129.16"]);

/** IPv6 prefixes that carry an IPv4 address, and how far from the right it stands. */
const carriers: readonly (readonly [block: Cidr, shift: bigint])[] = [
  [parseCidr("64:ff9b::/96"), 0n],
  [parseCidr("2002::/16"), 80n],
];

/** Whether a host is an address, in whatever spelling, that leads inside. */
export function isInnerAddress(host: string): boolean {
  const bare = host.startsWith("[") && host.endsWith("]") ? (host.slice(1, -1).split("%")[0] ?? "") : host;
  if (alsoInner.has(bare)) return true;
  const address = parseAddress(bare) ?? parseLenientIpv4(bare);
  if (!address) return false;
  if (address.family === 6) {
    for (const [block, shift] of carriers) {
      if (matchesCidr(address, block)) return isInner({ family: 4, bits: (address.bits >> shift) & 0xffffffffn });
    }
  }
  return isInner(address);
}

function isInner(address: Address): boolean {
  return inner.some((block) => matchesCidr(address, block));
}

/** IPv4 as inet_aton and the WHATWG URL standard read it: one to four parts, each decimal, octal or hexadecimal. */
export function parseLenientIpv4(host: string): Address | undefined {
  const parts = host.split(".", 5);
  if (parts.length > 4) return undefined;
  let bits = 0n;
  for (const [index, part] of parts.entries()) {
    const value = parsePart(part);
    if (value === undefined) return undefined;
    const isLast = index === parts.length - 1;
    // A part over 255 is folded by some readers: "425.510.425.510" is 169.254.169.254 to them.
    bits = isLast
      ? bits * 256n ** BigInt(5 - parts.length) + (parts.length === 4 ? value & 255n : value)
      : bits * 256n + (value & 255n);
  }
  return bits <= 0xffffffffn ? { family: 4, bits } : { family: 4, bits: bits & 0xffffffffn };
}

function parsePart(part: string): bigint | undefined {
  if (!/^(?:0x[0-9a-f]{0,16}|\d{1,16})$/i.test(part)) return undefined;
  if (/^0x/i.test(part)) return part.length === 2 ? 0n : BigInt(part);
  return /^0[0-7]+$/.test(part) ? BigInt(`0o${part.slice(1)}`) : BigInt(part);
}
