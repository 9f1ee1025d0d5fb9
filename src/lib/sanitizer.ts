import type { SanitizeProfile } from "./sanitize-profile.ts";

/** Makes cleaners. Implemented by the sanitize room, in worker threads. */
export interface Sanitizer {
  /**
   * A cleaner for one profile. To be called when a plan is built, never during an exchange: where anybody has called it,
   * the workers run before the gateway says that it is ready.
   */
  prepare(profile: SanitizeProfile, limits: CleanerLimits): Cleaner;
}

/** What one text may cost. */
export interface CleanerLimits {
  /** UTF-8 bytes. */
  readonly maxBytes: number;
}

/** Cleans HTML by the profile that it was made for. */
export interface Cleaner {
  /**
   * The clean HTML; at once where it is text without markup, or where the same was cleaned before. What is clean comes back
   * as the very same string.
   * @throws HeadgateError `content-refused` when it is too large, too deep or takes too long; `sanitizer-unavailable` when
   * no worker can take it
   */
  clean(html: string): string | Promise<string>;
}
