import { describe, expect, test } from "vitest";
import { formatLimitKey, parseLimitKey } from "./limit-key.ts";

describe("parseLimitKey", () => {
  test.each([
    "address",
    "subject",
    "route",
    "api-key",
    "claim:tenant_id",
    "claim:https://id.example/org",
    "header:x-api-client",
  ])("reads %s and writes it back", (text) => {
    expect(formatLimitKey(parseLimitKey(text))).toBe(text);
  });

  test("compares header names without case", () => {
    expect(parseLimitKey("header:X-Client")).toEqual({ kind: "header", header: "x-client" });
  });

  test.each(["", "ip", "Address", "claim:", "claim:a b", "header:", "header:x y", "header:x:y", "toString"])(
    "refuses %j and names the keys there are",
    (text) => {
      expect(() => parseLimitKey(text)).toThrow("address, subject, route, api-key");
    },
  );
});
