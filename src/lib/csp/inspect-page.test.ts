import { describe, expect, test } from "vitest";
import { inspectPage } from "./inspect-page.ts";

describe("what a policy has to know of a page", () => {
  test.each<[string, string, readonly string[]]>([
    ["an inline script", "<script>let a</script>", ["let a"]],
    ["a module", "<script type=module>import 'x'</script>", ["import 'x'"]],
    ["an import map", '<script type="importmap">{}</script>', ["{}"]],
    ["rules for what is loaded ahead", '<script type="speculationrules">{}</script>', ["{}"]],
    ["a type of old", "<script type='TEXT/JavaScript '>a</script>", ["a"]],
    [
      "one in a template, an SVG, behind a comment",
      "<!--<script>x</script>--><template><script>a</script></template><svg><script>b</script></svg>",
      ["a", "b"],
    ],
    ["line ends as browsers hash them", "<script>a\r\nb\rc</script>", ["a\nb\nc"]],
    ["the same one twice", "<script>a</script><script>a</script>", ["a"]],
    ["data", "<script type=application/json>{}</script><script type=application/ld+json>{}</script>", []],
    ["a script in a text area", "<textarea><script>a</script></textarea>", []],
  ])("scripts: %s", (_, page, scripts) => expect(inspectPage(page).scripts).toEqual(scripts));

  test("styles, where no script runs, too", () => {
    expect(inspectPage("<style>a</style><noscript><style>b</style></noscript>").styles).toEqual(["a", "b"]);
  });

  test("files, and where an attribute goes", () => {
    const page =
      '<link rel="StyleSheet x" href=a.css><script crossorigin src="/a.js" integrity=sha384-x></script><link rel=modulepreload href=b.js><link rel=icon href=i>';
    expect(inspectPage(page).files).toEqual([
      { kind: "style", address: "a.css", integrity: undefined, insertAt: 5, crossorigin: false },
      {
        kind: "script",
        address: "/a.js",
        integrity: "sha384-x",
        insertAt: page.indexOf("<script") + 7,
        crossorigin: true,
      },
      {
        kind: "preload",
        address: "b.js",
        integrity: undefined,
        insertAt: page.indexOf("<link rel=module") + 5,
        crossorigin: false,
      },
    ]);
  });

  test.each([
    ["a handler", "<p>\n<b ONCLICK=x>", 2, "onclick"],
    ["a script in an address", "<a href=' java\tscript:x'>", 1, "javascript:"],
    ["a script in a form's address", "<button formaction=javascript:x>", 1, "javascript:"],
    ["a base", "<base href=/x/>", 1, "<base>"],
    ["a plugin", "<object data=x>", 1, "<object>"],
  ])("%s is refused by a strict policy", (_, page, line, names) => {
    expect(inspectPage(page).problems).toMatchObject([
      { line, weight: "refused", problem: expect.stringContaining(names) as string },
    ]);
  });

  test("a page that is nested deeper than calls can be", () => {
    expect(inspectPage(`${"<b>".repeat(20_000)}<script>a</script>`).scripts).toEqual(["a"]);
  });
});
