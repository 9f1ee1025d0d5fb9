import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundaryOf, type MultipartRules, parseMultipart, type Part, serializeMultipart } from "./multipart.ts";
import { reachesPrototype } from "./pairs.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const field = 'Content-Disposition: form-data; name="title"';
const file = 'Content-Disposition: form-data; name="photo"; filename="cat.png"\r\nContent-Type: image/png';

/** A body with these parts, each as its headers and its content. */
function bodyOf(...parts: readonly (readonly [headers: string, content: string])[]): string {
  return `${parts.map(([headers, content]) => `--B\r\n${headers}\r\n\r\n${content}\r\n`).join("")}--B--\r\n`;
}

function parse(body: string, rules?: MultipartRules) {
  return parseMultipart(encode(body), "B", rules);
}

describe("boundaryOf", () => {
  test.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ['Multipart/Form-Data; Boundary="a:b"', "a:b"],
    ["multipart/form-data; boundary=a; boundary=b", undefined],
    ["multipart/form-data", undefined],
    ["multipart/mixed; boundary=a", undefined],
    ['multipart/form-data; boundary="a b"', undefined],
    ['multipart/form-data; boundary=""', undefined],
    [`multipart/form-data; boundary=${"a".repeat(71)}`, undefined],
  ])("finds in %s: %s", (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });
});

describe("parseMultipart", () => {
  test("reads fields and files as browsers send them", () => {
    const body = bodyOf([field, "A cat\r\nsleeps"], [file, "\r\n--C\r\n"]);
    expect(parse(body)).toEqual({
      parts: [
        { kind: "field", name: "title", value: "A cat\r\nsleeps" },
        { kind: "file", name: "photo", fileName: "cat.png", contentType: "image/png", content: encode("\r\n--C\r\n") },
      ],
    });
  });

  test("reads what the platform's own FormData writes", async () => {
    const form = new FormData();
    form.append("title", "Zoë's cat");
    form.append("photo", new Blob([Uint8Array.of(0, 13, 10, 255)], { type: "image/png" }), "Zoë %22.png");
    const request = new Response(form);
    const boundary = boundaryOf(request.headers.get("content-type") ?? "") ?? "";
    expect(parseMultipart(await request.bytes(), boundary)).toMatchObject({
      parts: [
        { kind: "field", name: "title", value: "Zoë's cat" },
        { kind: "file", fileName: "Zoë %22.png", contentType: "image/png", content: Uint8Array.of(0, 13, 10, 255) },
      ],
    });
  });

  test.each([
    ["no parts", "--B--"],
    ["an end without a line break", bodyOf([field, "x"]).slice(0, -2)],
    ["an empty part", bodyOf([field, ""])],
    ["a file input left empty", bodyOf(['Content-Disposition: form-data; name="f"; filename=""', ""])],
    ["a header that nobody needs", bodyOf([`${field}\r\nContent-Length: 1`, "x"])],
    ["an identity transfer encoding", bodyOf([`${field}\r\nContent-Transfer-Encoding: 8bit`, "x"])],
    ["a longer boundary inside of a line", bodyOf([field, "x--B\r\n"])],
  ])("takes %s", (_, body) => {
    expect(parse(body).refused).toBeUndefined();
  });

  test.each([
    ["an empty body", "", "before the first part"],
    ["a preamble", `x\r\n${bodyOf([field, "x"])}`, "before the first part"],
    ["an epilogue", `${bodyOf([field, "x"])}x`, "behind the last part"],
    ["two line breaks at the end", `${bodyOf([field, "x"])}\r\n`, "behind the last part"],
    ["no last delimiter", bodyOf([field, "x"]).replace("--B--\r\n", ""), "without an end"],
    ["a cut last delimiter", bodyOf([field, "x"]).slice(0, -4), "behind a delimiter"],
    ["padding behind a delimiter", bodyOf([field, "x"]).replace("--B\r", "--B \r"), "behind a delimiter"],
    ["a delimiter that goes on", bodyOf([field, "x\r\n--Bx"]), "behind a delimiter"],
    ["bare line feeds", bodyOf([field, "x"]).replaceAll("\r\n", "\n"), "behind a delimiter"],
    ["headers without an end", `--B\r\n${field}`, "without an end"],
    ["no headers", "--B\r\n\r\nx\r\n--B--", "without a form-data disposition"],
    ["a bare line feed in a header", bodyOf([`${field}\nX: y`, "x"]), "malformed part header"],
    ["a folded header", bodyOf([`${field};\r\n filename="x"`, "x"]), "malformed part header"],
    ["a blank before the colon", bodyOf([field.replace(":", " :"), "x"]), "malformed part header"],
    ["a NUL in a header", bodyOf([field.replace("title", "ti\0tle"), "x"]), "malformed part header"],
    ["a header given twice", bodyOf([`${field}\r\n${field.toLowerCase()}`, "x"]), "header given twice"],
    ["a transfer encoding", bodyOf([`${field}\r\nContent-Transfer-Encoding: base64`, "eA=="]), "transfer encoding"],
    ["another disposition", bodyOf(['Content-Disposition: attachment; name="a"', "x"]), "form-data disposition"],
    ["a part without a name", bodyOf(['Content-Disposition: form-data; filename="a"', "x"]), "without a name"],
    ["an empty name", bodyOf(['Content-Disposition: form-data; name=""', "x"]), "without a name"],
    ["two names", bodyOf([`${field}; name="b"`, "x"]), "malformed disposition"],
    ["two file names", bodyOf([`${field}; filename="a.png"; filename="b.php"`, "x"]), "malformed disposition"],
    ["filename*", bodyOf([`${field}; filename="a.png"; filename*=UTF-8''b.php`, "x"]), "unknown parameter"],
    ["an escaped quotation mark", bodyOf([`${field}; filename="a\\".png"`, "x"]), "a backslash"],
    ["a Windows path", bodyOf([`${field}; filename="C:\\a.png"`, "x"]), "a backslash"],
    ["a path", bodyOf([`${field}; filename="../../a.png"`, "x"]), "a path in a file name"],
    ["a dot segment for a file name", bodyOf([`${field}; filename=".."`, "x"]), "a path in a file name"],
    ["a disguised extension", bodyOf([`${field}; filename="a\u202egnp.exe"`, "x"]), "control character in a file name"],
    ["a malformed type", bodyOf([`${field}\r\nContent-Type: image`, "x"]), "malformed content type"],
    ["a nested multipart", bodyOf([`${field}\r\nContent-Type: multipart/mixed; boundary=C`, "x"]), "nested"],
    ["a name given twice", bodyOf([field, "x"], [field, "y"]), "name given twice"],
    ["a name that reaches a prototype", bodyOf([field.replace("title", "__proto__"), "x"]), "reaches a prototype"],
  ])("refuses %s", (_, body, reason) => {
    expect(parse(body)).toEqual({ refused: expect.stringContaining(reason), isTooLarge: false });
  });

  test("refuses text that is not UTF-8, in headers and in fields", () => {
    const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    const inHeader = latin1(bodyOf([field.replace("title", "Zo\xeb"), "x"]));
    expect(parseMultipart(inHeader, "B").refused).toBe("part headers that are not UTF-8");
    expect(parseMultipart(latin1(bodyOf([field, "Zo\xeb"])), "B").refused).toBe("a field that is not UTF-8");
  });

  test("tells what is too large apart from what is malformed", () => {
    const two = bodyOf([field, "12345"], [file, "12345"]);
    expect(parse(two, { maxParts: 1 })).toEqual({ refused: "more parts than allowed", isTooLarge: true });
    expect(parse(two, { maxFieldBytes: 4 })).toEqual({ refused: "a field larger than allowed", isTooLarge: true });
    expect(parse(two, { maxFileBytes: 4 })).toEqual({ refused: "a file larger than allowed", isTooLarge: true });
    expect(parse(two, { maxNameLength: 4 })).toMatchObject({ refused: "a name longer than allowed" });
    expect(parse(two, { maxHeaderBytes: 20 }).refused).toMatch("longer than allowed");
    expect(parse(two, { maxParts: 2, maxFieldBytes: 5, maxFileBytes: 5 }).refused).toBeUndefined();
  });

  test("lets declared names repeat", () => {
    expect(parse(bodyOf([field, "x"], [field, "y"]), { mayRepeat: (name) => name === "title" })).toMatchObject({
      parts: [{ value: "x" }, { value: "y" }],
    });
  });

  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => !/["\\/\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text))
    .filter((text) => text !== "." && text !== ".." && !reachesPrototype(text));
  const contentType = fc.constantFrom("text/plain", "image/png", "text/plain; charset=utf-8");
  const part: fc.Arbitrary<Part> = fc.oneof(
    fc.record(
      { kind: fc.constant("field" as const), name, value: fc.string({ unit: "grapheme" }), contentType },
      { requiredKeys: ["kind", "name", "value"] },
    ),
    fc.record(
      {
        kind: fc.constant("file" as const),
        name,
        fileName: fc.oneof(name, fc.constant("")),
        contentType,
        content: fc.oneof(fc.uint8Array(), fc.constantFrom("\r\n--", "\r\n--x--", "\r\n\r\n", "\r", "--").map(encode)),
      },
      { requiredKeys: ["kind", "name", "fileName", "content"] },
    ),
  );

  test("reads what serializeMultipart writes", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const body = serializeMultipart(parts, "x-3f1c6b");
        expect(parseMultipart(body, "x-3f1c6b", { mayRepeat: () => true })).toEqual({ parts });
      }),
    );
  });

  test("writes what the platform's own parser reads alike", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 3 }), async (parts) => {
        // Browsers write a quotation mark as %22, so their parser turns that back.
        fc.pre(!parts.some((one) => /%(?:22|0[AD])|\ufeff/i.test(JSON.stringify(one))));
        const body = serializeMultipart(parts, "x-3f1c6b");
        const headers = { "content-type": "multipart/form-data; boundary=x-3f1c6b" };
        const form = await new Response(body.slice(), { headers }).formData();
        const read = await Promise.all(
          [...form].map(async ([key, value]) => [key, typeof value === "string" ? value : await value.bytes()]),
        );
        expect(read).toEqual(parts.map((one) => [one.name, one.kind === "field" ? one.value : one.content]));
      }),
    );
  });
});

describe("serializeMultipart", () => {
  test("refuses what it could not write unmistakably", () => {
    const text = (value: string, called = "a"): Part => ({ kind: "field", name: called, value });
    expect(() => serializeMultipart([text("x\r\n--B--")], "B")).toThrow("holds the boundary");
    expect(() => serializeMultipart([text("x", 'a"; filename="b')], "B")).toThrow("cannot be written");
    expect(() => serializeMultipart([text("x", "a\r\nX: y")], "B")).toThrow("cannot be written");
    expect(() => serializeMultipart([], "B\r\n")).toThrow("not valid");
  });
});
