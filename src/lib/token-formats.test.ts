import { describe, expect, test } from "vitest";
import { tokenFormats } from "./token-formats.ts";
import { createTokenScanner } from "./token-scan.ts";

const encoder = new TextEncoder();

describe.each(tokenFormats.map((format) => [format.name, format] as const))("the format %s", (name, format) => {
  const names = (text: string) => {
    const seen = new Set<string>();
    createTokenScanner([{ ...format, class: "critical" }]).scan(encoder.encode(text), ({ name: one }) => {
      seen.add(one);
      return false;
    });
    return [...seen];
  };

  test("is named like the others and has texts of both kinds", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(format.found.length).toBeGreaterThan(0);
    expect(format.spared.length).toBeGreaterThan(0);
    expect(format.pattern.flags).not.toMatch(/[gy]/);
    if (!("hexRun" in format.triggers))
      for (const text of format.triggers) expect(text.length).toBeGreaterThanOrEqual(4);
  });

  test.each(format.found.map((text) => [text]))("is found in %j, at any place of a text", (text) => {
    for (const before of ["", " ", "x ".repeat(50), '{"a":"b","c":"', "\n".repeat(33)]) {
      expect(names(`${before}${text}`)).toEqual([name]);
      expect(names(`${before}${text} and more text behind it, ${"y ".repeat(300)}`)).toEqual([name]);
    }
    const longest = text.match(format.pattern)?.[0].length ?? 0;
    expect(longest).toBeLessThanOrEqual(format.maxLength);
  });

  test.each(format.spared.map((text) => [text]))("is not found in %j", (text) => {
    expect(names(` ${text} `)).toEqual([]);
    expect(names(text)).toEqual([]);
  });
});

test("no two formats have one name, and no text of one is taken for a critical other", () => {
  expect(new Set(tokenFormats.map(({ name }) => name)).size).toBe(tokenFormats.length);
  const scanner = createTokenScanner(tokenFormats);
  for (const { name, class: kind, found } of tokenFormats) {
    for (const text of found) {
      scanner.scan(encoder.encode(` ${text} `), (format) => {
        if (format.class === "critical" && kind !== "critical") expect(format.name).toBe(name);
        return false;
      });
    }
  }
});
