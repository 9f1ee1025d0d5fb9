import { profiles } from "./profiles.ts";

/**
 * The elements that a profile may name: none of them runs anything, loads anything but media, switches the parser into
 * another grammar (SVG, MathML, raw text, templates: where mutation XSS comes from) or asks the reader for input.
 */
export const harmlessElements = new Set([
  ...profiles.rich.elements,
  ...["acronym", "big", "center", "dir", "font", "main", "nav", "search", "strike", "tt"],
]);

/**
 * The attributes that a profile may name, beside `data-…` by full name. Not among them: listeners, `style` (which `styles`
 * opens by property), and whatever submits, refreshes, pings, clobbers or commands another element.
 */
export const harmlessAttributes = new Set([
  ...Object.values(profiles.rich.attributes).flat(),
  ...[
    "align",
    "autoplay",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "class",
    "color",
    "compact",
    "crossorigin",
  ],
  ...["draggable", "face", "fetchpriority", "frame", "hidden", "hspace", "itemid", "itemprop", "itemref", "itemscope"],
  ...["itemtype", "longdesc", "nowrap", "referrerpolicy", "rules", "size", "start", "tabindex", "valign", "vspace"],
  ...["aria-colspan", "aria-current", "aria-details", "aria-labelledby", "aria-level", "aria-roledescription"],
  ...["aria-rowspan", "aria-sort"],
]);

/**
 * The CSS properties that a `style` attribute may be allowed to set. What takes an element out of its place (`position`,
 * `z-index`, transforms, negative room) could lay it over the site's own buttons.
 */
export const harmlessStyles = [
  ...["background-color", "border", "border-collapse", "border-color", "border-radius", "border-style", "border-width"],
  ...["caption-side", "clear", "color", "direction", "float", "font-family", "font-size", "font-style", "font-variant"],
  ...["font-weight", "height", "letter-spacing", "line-height", "list-style-type", "max-height", "max-width"],
  ...["min-height", "min-width", "object-fit", "overflow-wrap", "padding", "padding-bottom", "padding-left"],
  ...["padding-right", "padding-top", "text-align", "text-decoration", "text-indent", "text-transform"],
  ...["vertical-align", "white-space", "width", "word-break", "word-spacing"],
] as const;
