import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sniffMediaType } from "./sniff-media-type.ts";

/** One byte for each character. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe("sniffMediaType", () => {
  test.each([
    ["image/png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
    ["image/jpeg", "\xff\xd8\xff\xe0\0\x10JFIF"],
    ["image/gif", "GIF89a\x01\0"],
    ["image/webp", "RIFF\x10\0\0\0WEBPVP8 "],
    ["image/avif", "\0\0\0\x1cftypavif"],
    ["image/heic", "\0\0\0\x1cftypheic"],
    ["video/mp4", "\0\0\0\x20ftypisom"],
    ["video/webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"],
    ["video/x-matroska", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"],
    ["audio/mpeg", "ID3\x04\0"],
    ["audio/mpeg", "\xff\xfb\x90\x64"],
    ["application/pdf", "%PDF-1.7\n%\xe2\xe3"],
    ["application/zip", "PK\x03\x04\x14\0"],
    ["font/woff2", "wOF2\0\x01"],
    ["application/x-elf", "\x7fELF\x02\x01"],
    ["application/vnd.microsoft.portable-executable", "MZ\x90\0\x03\0\0\0"],
    ["text/x-shellscript", "#!/bin/sh\nrm -rf /"],
    ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg">'],
    ["image/svg+xml", '\xef\xbb\xbf  <?xml version="1.0"?>\n<!-- x -->\n<svg onload="alert(1)">'],
    ["image/svg+xml", "<!-- x --><svg>"],
    ["image/svg+xml", '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg>'],
    ["application/xml", '<?xml version="1.0"?><feed/>'],
    ["application/xml", "<note>x</note>"],
    ["text/html", "<!DOCTYPE html><html>"],
    ["text/html", "\n\n<ScRiPt>alert(1)</script>"],
    ["text/html", `${" ".repeat(5000)}<script>alert(1)</script>`],
    ["text/html", "<img src=x onerror=alert(1)>"],
    ["text/html", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'],
    ["text/plain", "Just a text, with <b>a tag</b> later."],
    ["text/plain", "MZ-4711 is a part number"],
    ["text/plain", "a < b"],
    ["text/plain", ""],
  ])("finds %s in %j", (mediaType, content) => {
    expect(sniffMediaType(bytesOf(content))).toBe(mediaType);
  });

  test("takes UTF-8 for text, and nothing else", () => {
    expect(sniffMediaType(new TextEncoder().encode("Zoë\r\n\tこんにちは 😀"))).toBe("text/plain");
    expect(sniffMediaType(bytesOf("Zo\xeb"))).toBeUndefined();
    expect(sniffMediaType(bytesOf("a\0b"))).toBeUndefined();
  });

  test("says something of every content and throws at none", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => /^\w+\/[\w.+-]+$/.test(sniffMediaType(bytes) ?? "un/known")));
  });
});
