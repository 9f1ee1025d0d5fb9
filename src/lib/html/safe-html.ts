import type { SanitizeProfile } from "../sanitize-profile.ts";
import { isTooDeep } from "./depth.ts";
import { mayHoldMarkup } from "./plain-text.ts";
import { type ProfileName, profiles } from "./profiles.ts";
import type { Purify } from "./purifier.ts";

/** A profile by its name, or lists of one's own. */
export type ProfileChoice = ProfileName | SanitizeProfile;

/**
 * HTML that is safe to put into a page; see `safeHtml` of `headgate/browser`.
 * @throws Error when it cannot be cleaned
 */
export type SafeHtml = (html: string, profile?: ProfileChoice) => string;

/** Enough for an article, too little to keep a page busy. */
const maxLength = 1_000_000;

/**
 * Cleans at once, in the thread that asks, without a limit of time: what is very long or deep is refused instead.
 */
export function createSafeHtml(purify: Purify): (html: string, profile?: ProfileChoice) => string {
  return (html, profile = "basic") => {
    if (typeof html !== "string") throw new TypeError("HTML is a string");
    if (!mayHoldMarkup(html)) return html;
    if (html.length > maxLength) throw new Error(`the HTML has more than ${maxLength} characters`);
    if (isTooDeep(html)) throw new Error("the HTML is nested deeper than any text");
    return purify(html, typeof profile === "string" ? profiles[profile] : profile);
  };
}
