import { describe, expect, test } from "vitest";
import { parsePartHeader } from "./multipart-part.ts";

const parse = (...lines: readonly string[]) => parsePartHeader(new TextEncoder().encode(lines.join("\r\n")));

describe("parsePartHeader", () => {
  test("reads names whatever the case and spacing of the fields", () => {
    expect(parse("content-disposition:\tForm-Data ; NAME=title ; filename=a.txt ")).toEqual({
      name: "title",
      fileName: "a.txt",
      mediaType: undefined,
      contentType: undefined,
    });
  });

  test("keeps the declared type as it stood there and as it was read", () => {
    expect(parse('Content-Disposition: form-data; name="a"', "Content-Type: Text/CSV; charset=utf-8")).toMatchObject({
      mediaType: { essence: "text/csv" },
      contentType: "Text/CSV; charset=utf-8",
    });
  });

  test("says what is wrong in fixed words", () => {
    expect(parse("")).toBe("a part without a form-data disposition");
    expect(parse("Content-Disposition: form-data")).toBe("a part without a form-data disposition");
    expect(parse("no colon")).toBe("a malformed part header");
  });
});
