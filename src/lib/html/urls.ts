/** Attributes that hold one URL; `srcset` holds several. */
export const urlAttributes: ReadonlySet<string> = new Set([
  "href",
  "src",
  "cite",
  "poster",
  "longdesc",
  "itemid",
  "itemtype",
]);

/** What a URL may be, beside relative. */
export interface UrlRules {
  /** Without the colon, in lower case. */
  readonly schemes: ReadonlySet<string>;
  readonly dataImages: boolean;
}

/** What the URL parser takes away before it looks (WHATWG URL, basic URL parser, steps 1 to 3), and all of it inside too. */
const ignored = /[\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/g;
const scheme = /^([a-z][a-z0-9+.-]*):/i;
/** Pixels only: an SVG is a document. */
const dataImage = /^data:image\/(?:avif|gif|jpe?g|png|webp);base64,[a-z0-9+/]+={0,2}$/i;

/** Whether a link may lead there. Spaces and invisible characters do not hide a scheme. */
export function isAllowedUrl(url: string, { schemes }: UrlRules): boolean {
  const named = scheme.exec(url.replace(ignored, ""))?.[1];
  return named === undefined || schemes.has(named.toLowerCase());
}

/** Whether a picture may come from there: as for links, and pixels written into the text where the rules let them be. */
export function isAllowedImage(url: string, rules: UrlRules): boolean {
  return isAllowedUrl(url, rules) || (rules.dataImages && dataImage.test(url));
}

/**
 * Whether all candidates of a `srcset` may be loaded. Descriptors have no colon, so every word is judged as if it were a
 * URL; a comma before or behind one is none of it (WHATWG HTML, parse a srcset attribute, steps 5 and 8).
 */
export function isAllowedSrcset(srcset: string, rules: UrlRules): boolean {
  return srcset.split(/[\t\n\f\r ]+/).every((word) => {
    let start = 0;
    while (word[start] === ",") start += 1;
    let end = word.length;
    while (end > start && word[end - 1] === ",") end -= 1;
    return isAllowedImage(word.slice(start, end), rules);
  });
}

/** Whether a link leads to another host, as a browser would read it on a page of the site. */
export function leavesSite(href: string): boolean {
  const url = URL.parse(href, "https://page.invalid/");
  return url !== null && /^https?:$/.test(url.protocol) && url.host !== "page.invalid";
}

/** The page that a frame may show, by its full URL; undefined for every host that is not listed and for all but HTTPS. */
export function allowedFrame(src: string, hosts: readonly string[]): string | undefined {
  const url = URL.parse(src, "https://frame.invalid/");
  const isListed = url?.protocol === "https:" && hosts.includes(url.host) && url.username === "" && url.password === "";
  return isListed ? url.href : undefined;
}
