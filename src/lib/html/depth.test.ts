import { expect, test } from "vitest";
import { isTooDeep } from "./depth.ts";

test.each<[what: string, html: string]>([
  ["an article", "<div><p>x</p></div>".repeat(5000)],
  ["paragraphs without an end, as people wrote them", "<p>x<br>".repeat(5000)],
  ["a long list without ends", `<ul>${"<li>x".repeat(5000)}</ul>`],
  ["a long table without ends", `<table>${"<tr><td>x<td>y".repeat(3000)}</table>`],
  ["two hundred levels", `${"<div>".repeat(200)}x`],
  ["no markup", "a < b".repeat(5000)],
])("%s is not too deep", (_, html) => expect(isTooDeep(html)).toBe(false));

test.each<[what: string, html: string]>([
  ["ten thousand levels", "<div>".repeat(10_000)],
  ["levels in many names", Array.from({ length: 300 }, (_, at) => `<x${at}>`).join("")],
  ["levels whose end tags are those of others", "<div></b>".repeat(300)],
  ["formatting that is never ended", Array.from({ length: 300 }, (_, at) => `<font color=${at}>`).join("")],
  ["levels in other letters", "<DIV><dIv>".repeat(200)],
  ["lists in lists", "<ul><li>".repeat(300)],
])("%s is", (_, html) => expect(isTooDeep(html)).toBe(true));

test("takes time in proportion to the text", () => {
  const time = (html: string) => {
    const started = performance.now();
    isTooDeep(html);
    return performance.now() - started;
  };
  for (const part of ["<", "<a", "</", "<p ", "<p>", "x<", "<div></div>"]) {
    expect([part, time(part.repeat(300_000)) < 1500]).toEqual([part, true]);
  }
});
