import { describe, expect, test } from "vitest";
import { encodingsOf } from "./encodings.ts";

describe("encodingsOf", () => {
  test("gives every form once, longest first", () => {
    // Bytes that are the same in plain text, JSON, URLs, forms and HTML leave hex and three alignments of base64.
    expect(encodingsOf("secret-42")).toEqual([
      "7365637265742d3432",
      "7365637265742D3432",
      "c2VjcmV0LTQy",
      "NlY3JldC00M",
      "zZWNyZXQtND",
      "secret-42",
    ]);
  });

  test("gives no form so short that it occurs by chance", () => {
    expect(encodingsOf("12345678").every((form) => form.length >= 8)).toBe(true);
  });
});
