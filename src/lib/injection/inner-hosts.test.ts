import fc from "fast-check";
import { expect, test } from "vitest";
import { hostsOf, isInnerHost } from "./inner-hosts.ts";

test.each([
  "127.0.0.1",
  "127.1",
  "0",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "017700000001",
  "0177.0.0.1",
  "425.510.425.510",
  "10.0.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[fe80::1%25eth0]",
  "[fd00::1]",
  "[64:ff9b::a00:1]",
  "[2002:c0a8:1::]",
  "localhost",
  "LOCALHOST.",
  "a.localhost",
  "metadata.google.internal",
  "printer.local",
  "10.0.0.1.nip.io",
  "x.localtest.me",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "１２７.0.0.1",
])("%s leads inside", (host) => expect(isInnerHost(host)).toBe(true));

test.each([
  "example.com",
  "8.8.8.8",
  "172.32.0.1",
  "192.169.0.1",
  "134744072",
  "0x08080808",
  "[2001:4860:4860::8888]",
  "localhost.example.com",
  "internal.example.com",
  "nip.io.example.com",
  "10.example.com",
  "3com.com",
  "",
  "[::ffff:8.8.8.8]",
])("%j does not", (host) => expect(isInnerHost(host)).toBe(false));

test.each([
  ["//example.com/a", ["example.com"]],
  ["//user:pass@127.0.0.1:80/", ["127.0.0.1"]],
  ["//good.example#@10.0.0.1/", ["good.example", "10.0.0.1"]],
  ["\\\\10.0.0.1\\x", ["10.0.0.1"]],
  ["//[::1]:25/", ["[::1]"]],
  ["/10.0.0.1/", ["10.0.0.1"]],
])("the hosts of %j are %j", (rest, hosts) => expect(hostsOf(rest)).toEqual(hosts));

test("every address of loopback is found as a number in any base", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x7f000000, max: 0x7fffffff }), (bits) => {
      for (const host of [String(bits), `0x${bits.toString(16)}`, `0${bits.toString(8)}`])
        expect(isInnerHost(host)).toBe(true);
    }),
  );
});
