import { mayHoldMarkup } from "../lib/html/plain-text.ts";
import type { Purify } from "../lib/html/purifier.ts";
import type { Sanitizer } from "../lib/sanitizer.ts";

/**
 * A sanitiser for trying a policy out: it cleans as the workers do, in the thread that asks and without their limits. Its
 * parts are loaded when the first text has to be cleaned.
 */
export function createOfflineSanitizer(): Sanitizer {
  let loading: Promise<Purify> | undefined;
  const load = async () => (await import("./jsdom-purifier.ts")).createJsdomPurifier();
  return {
    prepare: (profile) => ({
      clean: (html) => (mayHoldMarkup(html) ? (loading ??= load()).then((purify) => purify(html, profile)) : html),
    }),
  };
}
