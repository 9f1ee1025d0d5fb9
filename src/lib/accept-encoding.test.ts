import { expect, test } from "vitest";
import { acceptedCodings } from "./accept-encoding.ts";

const offered = ["br", "zstd", "gzip"] as const;

test.each([
  ["gzip, deflate, br, zstd", ["br", "zstd", "gzip"]],
  ["gzip", ["gzip"]],
  ["GZIP;q=1.0", ["gzip"]],
  ["br;q=0, gzip", ["gzip"]],
  ["br;q=0.000, gzip;q=0.001", ["gzip"]],
  ["*", ["br", "zstd", "gzip"]],
  ["*, br;q=0", ["zstd", "gzip"]],
  ["*;q=0", []],
  ["gzip, *;q=0", ["gzip"]],
  ["identity", []],
  ["", []],
  [undefined, []],
  [",,;q=1,", []],
  ["x-gzip, brotli", []],
])("%j takes %j", (field, codings) => expect(acceptedCodings(field, offered)).toEqual(codings));

test("no more than 32 items are looked at", () => {
  expect(acceptedCodings(`${"x,".repeat(32)}br`, offered)).toEqual([]);
});
