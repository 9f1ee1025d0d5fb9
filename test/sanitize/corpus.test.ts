/**
 * Every attack under every profile, judged by an oracle of its own on a tree that is parsed anew, and every benign text.
 * What a real browser makes of the results stands in `test/browser/sanitize.test.ts`.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { profiles } from "../../src/lib/html/profiles.ts";
import type { SanitizeProfile } from "../../src/lib/sanitize-profile.ts";
import { createJsdomPurifier } from "../../src/sanitize/jsdom-purifier.ts";
import { findDanger } from "../support/find-danger.ts";
import { attackList, attacks } from "./attacks.ts";
import { benign } from "./benign.ts";

const purify = createJsdomPurifier();
/** As wide as a policy can open it. */
const wide: SanitizeProfile = {
  ...profiles.rich,
  name: "wide",
  elements: [...profiles.rich.elements, "center", "font", "nav", "main"],
  attributes: { ...profiles.rich.attributes, "*": ["class", "hidden", "id", "name", "title", "data-x", "tabindex"] },
  dataImages: true,
  frames: ["www.youtube-nocookie.com"],
  styles: ["color", "background-color", "font-family", "width"],
};
const all: readonly SanitizeProfile[] = [profiles.text, profiles.basic, profiles.rich, wide];

/** Frames and styles of the wide profile are what it asked for; the oracle names them as it names all. */
function dangersUnder(profile: SanitizeProfile, html: string): string[] {
  return findDanger(html).filter((danger) => profile !== wide || !/^(?:iframe|\S+ style)$/.test(danger));
}

test("there are enough attacks, and the oracle knows them for what they are", () => {
  expect(attackList.length).toBeGreaterThanOrEqual(150);
  expect(new Set(attackList.map(([, html]) => html)).size).toBe(attackList.length);
  // What is no danger as it stands becomes one in a parser that reads it another way, or is one in old browsers only.
  const harmless = attackList.filter(([, html]) => findDanger(html).length === 0);
  expect(harmless.length).toBeLessThan(attackList.length / 8);
});

describe.each(all.map((profile) => ({ name: profile.name, profile })))("the profile $name", ({ profile }) => {
  test.each(Object.keys(attacks))("leaves nothing dangerous of %s", (kind) => {
    for (const html of attacks[kind] ?? []) {
      const clean = purify(html, profile);
      expect([html.slice(0, 200), clean, dangersUnder(profile, clean)]).toEqual([html.slice(0, 200), clean, []]);
    }
  });

  test("comes to the same when it cleans again, whatever it is given", () => {
    for (const html of [...attackList.map(([, html]) => html), ...benign.map(({ html }) => html)]) {
      const clean = purify(html, profile);
      expect(purify(clean, profile)).toBe(clean);
    }
  });

  test("does so for markup that nobody wrote", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const clean = purify(pieces.join(""), profile);
        expect(purify(clean, profile)).toBe(clean);
        expect(dangersUnder(profile, clean)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("puts an attack that was cleaned into another one without giving it its life back", () => {
    const clean = attackList.map(([, html]) => purify(html, profile));
    for (let at = 1; at < clean.length; at += 1) {
      const both = purify(`${clean[at - 1]}${attackList[at]?.[1]}`, profile);
      expect([both.slice(0, 300), dangersUnder(profile, both)]).toEqual([both.slice(0, 300), []]);
    }
  });
});

/** What attacks are made of, in any order. */
const piece = fc.constantFrom(
  ...[
    "<",
    ">",
    '"',
    "'",
    "`",
    "=",
    "/",
    "!",
    "--",
    "-->",
    "<!--",
    "]]>",
    "<![CDATA[",
    "\0",
    "\n",
    " ",
    "&",
    "&lt;",
    "x",
  ],
  ...["<p>", "</p>", "<a ", "<a href=", "<img src=x ", "<b>", "</b>", "<table>", "<td>", "</table>", "<li>", "<ul>"],
  ...["<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<title>", "<textarea>", "<template>"],
  ...[
    "<noscript>",
    "</noscript>",
    "<xmp>",
    "<iframe>",
    "<select>",
    "<option>",
    "<form>",
    "<input name=x>",
    "<plaintext>",
  ],
  ...[
    "onerror=hit()",
    "javascript:hit()",
    "title=",
    "id=",
    "style=",
    "<script>",
    "</script>",
    "<foreignObject>",
    "<desc>",
  ],
);

test.each(benign)("keeps what people mean ($profile): $html", ({ profile, html, becomes = html }) => {
  expect(purify(html, profiles[profile])).toBe(becomes);
});

test("text without markup reads as the same text, however it is shown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const clean = purify(text, profiles.text);
      expect(purify(clean, profiles.text)).toBe(clean);
      expect(findDanger(clean)).toEqual([]);
    }),
  );
});
