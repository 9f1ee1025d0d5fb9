import { describe, expect, test } from "vitest";
import { allowedFrame, isAllowedImage, isAllowedSrcset, isAllowedUrl, leavesSite, type UrlRules } from "./urls.ts";

const rules: UrlRules = { schemes: new Set(["https", "mailto"]), dataImages: false };
const withPixels: UrlRules = { ...rules, dataImages: true };
const png = "data:image/png;base64,iVBORw0KGgo=";

test.each([
  "https://a.example/",
  "HTTPS://a.example/",
  "mailto:a@b.example",
  "/a",
  "a",
  "?a=b:c",
  "#a",
  "//b.example/",
  "",
  "a/b:c",
  "./javascript:x",
  "%6aavascript:x",
  "1:2",
  "https:evil",
])("lets %j through", (url) => expect(isAllowedUrl(url, rules)).toBe(true));

test.each([
  "javascript:x",
  "JAVASCRIPT:x",
  " javascript:x",
  "java\tscript:x",
  "java\r\nscript:x",
  "\u0000javascript:x",
  "\u0001javascript:x",
  "java\u00a0script:x",
  "java\u200bscript:x",
  "java\ufeffscript:x",
  "java\u00adscript:x",
  "javascript\u2028:x",
  "vbscript:x",
  "data:text/html,x",
  "http://a.example/",
  "tel:1",
  png,
  "blob:x",
  "x-y.z+1:a",
])("refuses %j", (url) => expect(isAllowedUrl(url, rules)).toBe(false));

describe("pictures", () => {
  test.each([png, "data:image/jpeg;base64,AAAA", "data:image/webp;base64,A+/="])(
    "may be %s where they are let through",
    (url) => {
      expect([isAllowedImage(url, rules), isAllowedImage(url, withPixels)]).toEqual([false, true]);
    },
  );
  test.each([
    "data:image/svg+xml;base64,AAAA",
    "data:image/png,<svg>",
    "data:text/html;base64,AAAA",
    "data:image/png;base64,AA AA",
    "data:,",
    " data:image/png;base64,AAAA",
  ])("may never be %s", (url) => expect(isAllowedImage(url, withPixels)).toBe(false));
});

test.each<[srcset: string, allowed: boolean]>([
  ["/a.png 1x, /b.png 2x", true],
  ["https://a.example/x,y.png 480w,https://a.example/z.png 800w", true],
  [",,/a.png,,", true],
  ["", true],
  ["javascript:x 1x", false],
  ["/a.png 1x, javascript:x 2x", false],
  ["/a.png 1x,\n,data:text/html,x", false],
  [`${png} 1x`, false],
])("%j as a set of sources: %s", (srcset, allowed) => expect(isAllowedSrcset(srcset, rules)).toBe(allowed));

test.each<[src: string, page: string | undefined]>([
  ["https://video.example/embed/x?start=3", "https://video.example/embed/x?start=3"],
  ["//video.example/embed", "https://video.example/embed"],
  ["HTTPS://VIDEO.example/embed", "https://video.example/embed"],
  ["http://video.example/embed", undefined],
  ["https://video.example:8443/", undefined],
  ["https://video.example.evil.example/", undefined],
  ["https://video.example@evil.example/", undefined],
  ["https://me:secret@video.example/", undefined],
  ["https://evil.example/https://video.example/", undefined],
  ["/embed", undefined],
  ["javascript:x", undefined],
  ["", undefined],
])("a frame of %j shows %s", (src, page) => expect(allowedFrame(src, ["video.example"])).toBe(page));

test.each<[href: string, leaves: boolean]>([
  ["https://a.example/", true],
  ["//a.example/", true],
  ["\\\\a.example/", true],
  ["/\t/a.example/", true],
  ["/a", false],
  ["#a", false],
  ["mailto:a@b.example", false],
])("%j leaves the site: %s", (href, leaves) => expect(leavesSite(href)).toBe(leaves));
