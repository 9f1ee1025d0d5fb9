import { HeadgateError } from "../error.ts";
import type { SanitizeProfile } from "../sanitize-profile.ts";
import type { DomPurify } from "./dom-purify.ts";
import { addRules } from "./element-rules.ts";
import { mayHoldMarkup, readEscapedText, writePlainText } from "./plain-text.ts";
import { compileProfile, type ProfileRules } from "./profile-rules.ts";

/** Cleans HTML by a profile. */
export type Purify = (html: string, profile: SanitizeProfile) => string;

/** The result of cleaning is cleaned again until it stays the same; what never does is refused. */
const maxRounds = 5;

/** Attacks of several kinds, and what has to be left of them: proof that the parts fit each other on this machine. */
const proof = {
  attack: `<p onclick="hit()">a<script>hit()</script><img src=x onerror=hit()><a href="java&#9;script:hit()">b</a></p>`,
  left: `<p>a<a>b</a></p>`,
} as const;

/**
 * Cleans HTML with one instance of DOMPurify, in a worker or in a page; the result is a fixed point: cleaning it again, in
 * any DOM with a conforming parser, changes nothing. The instance must be this caller's own, since its hooks are set.
 *
 * DOMPurify gives its input back as it is where it is not supported, so that is asked first, and proven.
 * @throws Error when it is not supported, or does not clean
 */
export function createPurifier(purify: DomPurify): Purify {
  if (purify.isSupported !== true) throw new Error("DOMPurify is not supported by this DOM: it would clean nothing");
  const known = new WeakMap<SanitizeProfile, ProfileRules>();
  const active = addRules(purify);

  function once(html: string, rules: ProfileRules): string {
    active.rules = rules;
    // A TrustedHTML prints as its text.
    const clean = String(purify.sanitize(html, rules.configuration));
    return rules.elements.size === 0 ? toPlainText(clean) : clean;
  }

  function clean(html: string, profile: SanitizeProfile): string {
    if (!mayHoldMarkup(html)) return html;
    let rules = known.get(profile);
    if (!rules) known.set(profile, (rules = compileProfile(profile)));
    // Parsers drop a NUL or replace it, databases drop it: what stands around it must not come together later.
    let before = html.toWellFormed().replaceAll("\0", "");
    for (let round = 0; round < maxRounds; round += 1) {
      const after = once(before, rules);
      if (after === before || !mayHoldMarkup(after)) return after;
      before = after;
    }
    throw new HeadgateError("content-refused", "each cleaning changes it again");
  }

  if (clean(proof.attack, probeProfile) !== proof.left) throw new Error("DOMPurify does not clean a known attack");
  return clean;
}

/** Where elements went, line breaks came: of many, one empty line is left. */
function toPlainText(clean: string): string {
  const text = readEscapedText(clean)
    .trim()
    .replace(/\n{3,}/g, "\n\n");
  return writePlainText(text);
}

const probeProfile: SanitizeProfile = {
  name: "probe",
  elements: ["a", "p"],
  attributes: { a: ["href"] },
  schemes: ["https"],
  dataImages: false,
  frames: [],
  rel: ["noopener"],
  newWindows: false,
  styles: [],
};
