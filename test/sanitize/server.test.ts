/** `headgate/browser` as Node has it: one text is cleaned once, and both sides have the same names. */
import { expect, test } from "vitest";
import * as page from "../../src/browser/safe-html.ts";
import * as server from "../../src/sanitize/server.ts";

test("both sides have the same names", () => {
  expect(Object.keys(server).sort()).toEqual(Object.keys(page).sort());
});

test("the side of the page, where there is no page, throws and gives nothing back", () => {
  expect(() => page.safeHtml("<b onclick=hit()>x</b>")).toThrow("there is no DOM here");
  expect(page.jsonLd("</script>")).toBe('"\\u003c/script\\u003e"');
});

test("a text is cleaned by the profile that is asked for, each time anew or from memory", () => {
  const html = '<h2 onclick="hit()">a</h2>';
  for (let time = 0; time < 2; time += 1) {
    expect(server.safeHtml(html)).toBe("a\n");
    expect(server.safeHtml(html, "rich")).toBe("<h2>a</h2>");
    expect(server.safeHtml(html, "text")).toBe("a");
  }
  const own = { ...server.profiles.rich, name: "own", elements: ["p"] };
  expect(server.safeHtml(html, own)).toBe("a\n");
});

test.each<[what: string, html: unknown, profile: unknown, message: string]>([
  ["what is no text", 5, "rich", "HTML is a string"],
  ["more than a page can clean", `<p x>${"y".repeat(1_000_001)}`, "rich", "more than 1000000 characters"],
  ["what is nested too deep", "<div>".repeat(300), "rich", "nested deeper"],
  [
    "a profile that lets scripts through",
    "<p x>",
    { ...server.profiles.rich, elements: ["script"] },
    '"script" cannot be let through',
  ],
])("refuses %s", (_, html, profile, message) => {
  expect(() => server.safeHtml(html as string, profile as "rich")).toThrow(message);
});

test.each(["constructor", "__proto__", "nobody"])("a profile named %s is none", (name) => {
  expect(() => server.safeHtml("<p x>", name as "rich")).toThrow();
});
