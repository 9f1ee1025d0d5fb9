/**
 * What of HTML may stay, as plain data: an allow-list of elements and of attributes per element (`*` for all of them).
 * Whatever is not named goes; the text within stays, but for elements whose content is no text (script, style).
 */
export interface SanitizeProfile {
  /** Part of the key of cached results, together with the lists. */
  readonly name: string;
  readonly elements: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** URL schemes that links and sources may have, without the colon; relative URLs always may. */
  readonly schemes: readonly string[];
}
