import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientAddress } from "./client-address.ts";
import { parseAddress, parseCidr } from "./ip.ts";

const trusted = ["10.0.0.0/8", "fd00::/8"].map(parseCidr);

describe("clientAddress", () => {
  test.each([
    ["no proxy", "203.0.113.9", undefined, "203.0.113.9"],
    ["no proxy and an invented list", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["one proxy", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["one proxy and an invented list", "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
    ["three proxies", "10.0.0.1", "198.51.100.1, 10.0.0.3, fd00::2", "198.51.100.1"],
    [
      "three proxies and an invented trusted hop",
      "10.0.0.1",
      "10.9.9.9, 198.51.100.1,10.0.0.3,10.0.0.2",
      "198.51.100.1",
    ],
    ["proxies only", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["a proxy that says nothing", "10.0.0.1", undefined, "10.0.0.1"],
    ["an empty list", "10.0.0.1", "", "10.0.0.1"],
    ["garbage next to the proxy", "10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"],
    ["garbage behind the client", "10.0.0.1", "unknown, 198.51.100.1", "198.51.100.1"],
    ["garbage behind the second proxy", "10.0.0.1", "<script>, 10.0.0.2", "10.0.0.2"],
    ["empty hops", "10.0.0.1", "198.51.100.1,,10.0.0.2", "10.0.0.2"],
    ["a trailing comma", "10.0.0.1", "198.51.100.1,", "10.0.0.1"],
    ["a dual-stack socket", "::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"],
    ["IPv6", "fd00::1", "2001:db8::7", "2001:db8::7"],
    ["ports", "10.0.0.1", "[2001:db8::7]:4711, 10.0.0.2:80", "2001:db8::7"],
    ["a zone id", "10.0.0.1", "fe80::1%eth0", "10.0.0.1"],
    ["a Unix socket", "", "198.51.100.1", ""],
  ])("is right behind %s", (_, socketAddress, forwardedFor, expected) => {
    expect(clientAddress({ socketAddress, forwardedFor, trusted })).toBe(expected);
  });

  test("trusts nobody by default", () => {
    expect(clientAddress({ socketAddress: "127.0.0.1", forwardedFor: "198.51.100.1", trusted: [] })).toBe("127.0.0.1");
  });

  test("is what the outermost trusted proxy saw, whatever the client wrote to the left of it", () => {
    const proxies = fc.array(fc.constantFrom("10.0.0.2", "10.1.2.3", "fd00::5"), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string(), proxies, (invented, hops) => {
        const forwardedFor = [invented, "198.51.100.1", ...hops].join(", ");
        expect(clientAddress({ socketAddress: "10.0.0.1", forwardedFor, trusted })).toBe("198.51.100.1");
      }),
    );
  });

  test("is always an address", () => {
    fc.assert(
      fc.property(fc.string(), (forwardedFor) => {
        expect(parseAddress(clientAddress({ socketAddress: "10.0.0.1", forwardedFor, trusted }))).toBeDefined();
      }),
    );
  });
});
