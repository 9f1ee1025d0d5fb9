/**
 * What of HTML may stay, as plain data that can be sent to a worker or a page: allow-lists, and how links and frames are
 * written. Whatever is not named goes; the text within stays, but for elements whose content is no text (script, style).
 */
export interface SanitizeProfile {
  /** For events and errors; what decides is the lists. */
  readonly name: string;
  /** Lower-case names. With none at all the result is text without any markup. */
  readonly elements: readonly string[];
  /** Attributes by element, `*` for all of them. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** URL schemes that links and sources may have, without the colon; relative URLs always may. */
  readonly schemes: readonly string[];
  /** Whether pictures may be written into the text itself (`data:image/png;base64,…`). SVG never may. */
  readonly dataImages: boolean;
  /** Hosts whose pages may be embedded over HTTPS, in a sandbox. */
  readonly frames: readonly string[];
  /** What every link says of itself in `rel`. */
  readonly rel: readonly string[];
  /** Whether a link may open a new window; `noopener` then stands in its `rel`. */
  readonly newWindows: boolean;
  /** CSS properties that a `style` attribute may set; with none there is no such attribute. */
  readonly styles: readonly string[];
}
