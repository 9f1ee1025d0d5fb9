import { describe, expect, test } from "vitest";
import { z } from "zod";
import { bytes, bytesOption, parseBytes } from "./bytes.ts";

describe("parseBytes", () => {
  test.each([
    ["64kb", 65_536],
    ["10mb", 10_485_760],
    ["10MB", 10_485_760],
    ["1gb", 1_073_741_824],
    ["12b", 12],
    [4096, 4096],
    [0, 0],
  ])("reads %j as %d bytes", (size, expected) => {
    expect(parseBytes(size)).toBe(expected);
  });

  test.each(["", "10", "1.5mb", "-1kb", "1 kb", "1tb", "1kib", -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %j and names what is accepted",
    (size) => {
      expect(() => parseBytes(size)).toThrow("(kb, mb or gb)");
    },
  );
});

describe("bytesOption", () => {
  test("puts the default where the policy is silent", () => {
    expect(z.object({ maxBytes: bytesOption("1mb") }).parse({})).toEqual({ maxBytes: 1_048_576 });
  });

  test("says what to write", () => {
    expect(bytes.safeParse("much").error?.issues[0]?.message).toContain('"much" is not a size. Write');
    expect(bytes.safeParse(null).error?.issues[0]?.message).toContain("Write a size");
  });
});
