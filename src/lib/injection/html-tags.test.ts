import fc from "fast-check";
import { expect, test } from "vitest";
import { tagsOf } from "./html-tags.ts";

const read = (text: string) =>
  [...tagsOf(text)].map(({ name, isEnd, attributes }) => [
    (isEnd ? "/" : "") + name,
    ...attributes.map((attribute) => `${attribute.name}=${attribute.value}`),
  ]);

test.each([
  ["a < b and b > c", []],
  ["<3", []],
  ["<b>x</b>", [["b"], ["/b"]]],
  ["<IMG SRC=x OnError='a(1)'>", [["img", "src=x", "onerror=a(1)"]]],
  ["<svg/onload=a(1)//", [["svg", "onload=a(1)//"]]],
  ["<a\n href =\t'x'\nb>", [["a", "href=x", "b="]]],
  ["<img src=`x`onerror=a(1)>", [["img", "src=x", "onerror=a(1)"]]],
  [
    "<a title='<img src=x>'>",
    [
      ["a", "title=<img src=x>"],
      ["img", "src=x"],
    ],
  ],
  ["<scr<script>ipt>", [["scr"], ["script"]]],
  ["<!-- <i> -->", [["i"]]],
  ["<x:script>", [["script"]]],
  ["<unfinished a=b", [["unfinished", "a=b"]]],
])("%j holds %j", (text, tags) => expect(read(text)).toEqual(tags));

test("tags stand where they say, in order", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."<>/ab ='\"`\n!-") }), (text) => {
      let last = -1;
      for (const { start, end } of tagsOf(text)) {
        expect(text[start]).toBe("<");
        expect(start).toBeGreaterThan(last);
        expect(end).toBeLessThanOrEqual(text.length + 1);
        last = start;
      }
    }),
  );
});
