import { BlockList, isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limitKey, matchesCidr, parseAddress, parseCidr } from "./ip.ts";

const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc
    .array(fc.constantFrom(..."0123456789abfF:.%/ ", "::", "255", "ffff:", "::ffff:1.2.3.4"), { maxLength: 14 })
    .map((x) => x.join("")),
);

describe("parseAddress", () => {
  test.each([
    ["192.0.2.1", 4, 0xc0000201n],
    ["::", 6, 0n],
    ["::1", 6, 1n],
    ["2001:db8::1", 6, 0x20010db8000000000000000000000001n],
    ["1:2:3:4:5:6:7:8", 6, 0x00010002000300040005000600070008n],
    ["::ffff:192.0.2.1", 4, 0xc0000201n],
    ["::FFFF:c000:0201", 4, 0xc0000201n],
    ["64:ff9b::192.0.2.1", 6, 0x0064ff9b0000000000000000c0000201n],
  ] as const)("reads %s", (text, family, bits) => {
    expect(parseAddress(text)).toEqual({ family, bits });
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "256.1.1.1",
    "0x7f.1",
    "127.1",
    "1.2.3.4 ",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7::8",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "12345::",
    "fe80::1%eth0",
    "[::1]",
    "localhost",
  ])("does not take %j for an address", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("agrees with node:net on what is an address", () => {
    fc.assert(
      fc.property(addressLike, (text) => {
        const isAddress = isIPv4(text) || (isIPv6(text) && !text.includes("%"));
        expect(parseAddress(text) !== undefined).toBe(isAddress);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("parseCidr", () => {
  test.each(["10.0.0.0", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0", "::1/128"])("reads %s", (text) => {
    expect(parseCidr(text).prefix).toBe(Number(text.split("/")[1] ?? 32));
  });

  test("reads a block of IPv4 in IPv6 as IPv4", () => {
    expect(parseCidr("::ffff:10.0.0.0/104")).toEqual(parseCidr("10.0.0.0/8"));
  });

  test.each([
    "",
    "10/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "::/129",
    "10.0.0.0/8x",
    "::ffff:0.0.0.0/8",
  ])("refuses %j", (text) => {
    expect(() => parseCidr(text)).toThrow("is no block of addresses");
  });

  test("refuses a block whose address does not end with its prefix", () => {
    expect(() => parseCidr("10.0.0.1/8")).toThrow("names bits behind its prefix");
  });
});

describe("matchesCidr", () => {
  const address = fc
    .oneof(fc.ipV4(), fc.ipV6())
    .filter((text) => parseAddress(text)?.family === (text.includes(":") ? 6 : 4));

  test("agrees with node:net", () => {
    fc.assert(
      fc.property(address, address, fc.nat(128), (candidate, base, length) => {
        const parsed = parseAddress(base);
        const found = parseAddress(candidate);
        if (!parsed || !found) throw new Error("the generator makes addresses only");
        const prefix = parsed.family === 4 ? length % 33 : length;
        const list = new BlockList();
        list.addSubnet(base, prefix, parsed.family === 4 ? "ipv4" : "ipv6");
        const cidr = { ...parsed, prefix };
        // BlockList also takes IPv4 for a part of IPv6 where a block reaches into the mapped range.
        if (found.family === cidr.family) {
          expect(matchesCidr(found, cidr)).toBe(list.check(candidate, found.family === 4 ? "ipv4" : "ipv6"));
        } else expect(matchesCidr(found, cidr)).toBe(false);
      }),
    );
  });
});

describe("limitKey", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["255.255.255.255", "255.255.255.255"],
    ["2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["", "unknown"],
  ])("counts %j as %s", (address, key) => {
    expect(limitKey(address)).toBe(key);
  });
});
