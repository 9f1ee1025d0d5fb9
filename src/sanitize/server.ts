import { randomInt } from "node:crypto";
import { createSafeHtml, type ProfileChoice, type SafeHtml } from "../lib/html/safe-html.ts";
import { type ProfileName, profiles } from "../lib/html/profiles.ts";
import { jsonLd, jsonLdElement } from "../lib/json-ld.ts";
import type { SanitizeProfile } from "../lib/sanitize-profile.ts";
import { createJsdomPurifier } from "./jsdom-purifier.ts";
import { createResultCache, type ResultCache } from "./result-cache.ts";

/**
 * `headgate/browser`, as Node loads it: the same names and the same lists, on a DOM of its own in the thread that renders.
 * So a component cleans wherever it is rendered, and both sides come to the same text.
 */
export { jsonLd, jsonLdElement, profiles };
export type { ProfileChoice, ProfileName, SanitizeProfile };

export const trustedTypesPolicyName = "headgate";

const bounds = { maxSize: 8 * 1024 * 1024, maxEntries: 5000 };
const seed = randomInt(2 ** 32);
/** Results by profile; those of a policy's own lists go when their lists do. */
const caches = new WeakMap<SanitizeProfile, ResultCache>();
let clean: SafeHtml | undefined;

/**
 * Reduces HTML to what a profile lets stay (`basic` unless told). Renders of the same text are cleaned once.
 * @throws Error when it cannot be cleaned: too long, too deep; never gives the input back instead
 */
export function safeHtml(html: string, profile: ProfileChoice = "basic"): string {
  const lists = typeof profile === "string" ? profiles[profile] : profile;
  let cache = caches.get(lists);
  if (!cache) caches.set(lists, (cache = createResultCache(bounds, seed)));
  const known = cache.get(html);
  if (known !== undefined) return known;
  clean ??= createSafeHtml(createJsdomPurifier());
  const result = clean(html, lists);
  cache.set(html, result);
  return result;
}

/** There are no sinks on a server: see the browser's side. */
export function cleanSinks(_profile?: ProfileChoice): void {}
