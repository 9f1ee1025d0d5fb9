/** Elements that HTML can be put into; in others it would be read by another grammar than that for which it was cleaned. */
const containers = [
  ...[
    "article",
    "aside",
    "blockquote",
    "caption",
    "dd",
    "details",
    "div",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
  ],
  ...["h1", "h2", "h3", "h4", "h5", "h6", "header", "label", "li", "main", "p", "section", "small", "span", "strong"],
  ...["summary", "td", "th"],
] as const;

export type ContainerName = (typeof containers)[number];

/**
 * The element that is to hold clean HTML. Cleaned for the inside of a `div`, the same text can be an attack inside of a
 * `textarea`, `style`, `template` or `svg`.
 * @throws Error for every other name
 */
export function containerOf(name: string): ContainerName {
  const known = containers.find((container) => container === name);
  if (known === undefined) throw new Error(`HTML cannot be put into <${name}>; use one of ${containers.join(", ")}`);
  return known;
}
