import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TextProfile } from "./attack-class.ts";
import { createTextJudge, isHarmless } from "./judge-text.ts";

const judge = createTextJudge("body");

describe("readings", () => {
  test.each([
    ["percent-encoded", "%27%20OR%201=1--"],
    ["percent-encoded twice", "%2527%2520OR%25201=1--"],
    ["in fullwidth characters", "＇　ＯＲ　１＝１"],
    ["in character references", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["in character references without semicolons", "&#60script&#62alert(1)&#60/script&#62"],
    ["in JavaScript escapes", "\\u003cscript\\u003ealert(1)"],
    ["with zero-width characters", "<scr\u200bipt>alert(1)</script>"],
    ["with comments for spaces", "'/**/or/**/1=1#"],
    ["with a zero byte", "<scr\u0000ipt>alert(1)</script>"],
    ["in over-long UTF-8", "..%c0%af..%c0%afetc/passwd"],
  ])("an attack %s is found", (_, text) => expect(judge.judge(text, "typed")).toBeDefined());

  test("character references in rich text are how a text is made harmless", () => {
    expect(judge.judge("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "rich")).toBeUndefined();
  });
});

describe("scores", () => {
  test("those of several classes add up, and the weightiest is named first", () => {
    const found = judge.judge("' UNION SELECT load_file('/etc/passwd')-- <script>", "typed");
    expect(found?.classes[0]).toBe("sql");
    expect(found?.classes).toContain("xss");
    expect(found?.score).toBeGreaterThan(10);
  });

  test("a class that the policy leaves out does not count", () => {
    expect(createTextJudge("body", { without: new Set(["sql"]) }).judge("' OR 1=1 --", "typed")).toBeUndefined();
    expect(createTextJudge("query", { without: new Set(["nosql"]) }).judgeName("a[$ne]")).toBeUndefined();
  });

  test("the threshold decides", () => {
    expect(judge.judge("' OR 1=1 --", "typed")?.score).toBe(8);
    expect(createTextJudge("body", { threshold: 9 }).judge("' OR 1=1 --", "typed")).toBeUndefined();
  });
});

test("a class is looked for only where its values are used", () => {
  const referer = "http://localhost:3000/login";
  expect(createTextJudge("header").judge(referer, "typed")).toBeUndefined();
  expect(createTextJudge("query").judge(referer, "typed")?.classes).toEqual(["ssrf"]);
});

test("the site's own host and hosts that the policy allows may be named, and nothing that merely looks like them", () => {
  const local = createTextJudge("query", { innerHosts: new Set(["localhost:8443"]) });
  expect(local.judge("https://localhost:8443/cart", "typed")).toBeUndefined();
  for (const url of [
    "https://localhost:8444/",
    "https://localhost:8443@127.0.0.1/",
    "https://localhost:8443#@127.0.0.1/",
    "https://localhost:8443\\@10.0.0.1/",
  ]) {
    expect([url, local.judge(url, "typed")?.classes]).toEqual([url, ["ssrf"]]);
  }
});

test("a text that is harmless by its characters is none of any attack", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."abcXYZ  ") }), (text) => {
      expect(isHarmless(text)).toBe(true);
      for (const profile of ["typed", "free", "rich"] as const) expect(judge.judge(text, profile)).toBeUndefined();
    }),
  );
});

test("whatever the text, judging comes to an end with a score or none", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.constantFrom<TextProfile>("typed", "free", "rich"),
      (text, profile) => {
        const found = judge.judge(text, profile);
        if (found) expect(found.score).toBeGreaterThanOrEqual(5);
      },
    ),
    { numRuns: 500 },
  );
});

describe("time is linear", () => {
  const parts = [
    "'",
    '"',
    "\\'",
    "<",
    "<a ",
    "<a b=",
    "</",
    "<a b='",
    "`",
    "``` \n",
    "$(",
    "${",
    "{{",
    "<%",
    "%2",
    "%25",
    "&#",
    "&lt",
    "../",
    "//",
    ";id",
    "|",
    "a:",
    "http:",
    "*)(",
    "--",
    "/*",
    "/*!",
    "*/",
    "'a",
    "' or ",
    "@@",
    "(",
    ")",
    "[",
    "](",
    "\\u00",
    "\r\n",
    "\n",
    "x=",
    "on",
    " onx=",
    "javascript:",
    "j a v ",
    "<!DOCTYPE a ",
    "<!ENTITY ",
    "$where",
    "{$",
    "__proto__",
    "constructor",
    "' || ",
    "ab.",
    "1.",
    "=",
    "#{",
    "<code>",
    "<script",
    "union ",
    "a b c ",
    "    ",
    "~~~\n",
    "\u0000",
    "\uff07",
    "嘊",
    "{php}",
    "http://a/",
    "data:",
    "expression ",
    "' ;",
  ];

  test.each(parts)("in a text of %j over and over", (part) => {
    for (const profile of ["typed", "free", "rich"] as const) {
      const time = (length: number) => {
        const text = part.repeat(Math.ceil(length / part.length));
        const started = performance.now();
        judge.judge(text, profile);
        return performance.now() - started;
      };
      // The first measures the engine's warming up, too. Quadratic time would be a thousandfold for 32 times the length.
      time(4_000);
      expect(time(128_000)).toBeLessThan(1000);
    }
  });
});
