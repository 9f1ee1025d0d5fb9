import type { SanitizeProfile } from "../sanitize-profile.ts";

const inline = ["a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small"];
const moreInline = ["span", "strong", "sub", "sup", "u", "wbr"];
const blocks = ["blockquote", "li", "ol", "p", "pre", "ul"];

const headings = ["h1", "h2", "h3", "h4", "h5", "h6", "hgroup"];
const sections = ["address", "article", "aside", "details", "div", "figcaption", "figure", "footer", "header"];
const moreSections = ["hr", "section", "summary", "dd", "dl", "dt"];
const tables = ["caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"];
const media = ["audio", "img", "picture", "source", "track", "video"];
const phrases = ["bdi", "bdo", "data", "dfn", "rp", "rt", "ruby", "samp", "time", "var"];
const span = ["colspan", "rowspan", "headers"];

/** No markup: what is text stays as it was written, what a browser would read as markup goes. */
const text: SanitizeProfile = {
  name: "text",
  elements: [],
  attributes: {},
  schemes: [],
  dataImages: false,
  frames: [],
  rel: [],
  newWindows: false,
  styles: [],
};

/** What visitors may write: emphasis, lists, quotations, code, links that lend nobody a good name. */
const basic: SanitizeProfile = {
  ...text,
  name: "basic",
  elements: [...inline, ...moreInline, ...blocks],
  attributes: {
    "*": ["dir", "lang", "title"],
    a: ["href"],
    blockquote: ["cite"],
    del: ["cite", "datetime"],
    ins: ["cite", "datetime"],
    ol: ["reversed", "start", "type"],
    li: ["value"],
    q: ["cite"],
  },
  schemes: ["http", "https", "mailto", "tel"],
  rel: ["noopener", "noreferrer", "nofollow", "ugc"],
};

/** What editors write: headings, tables, pictures, media, classes of code highlighters. */
const rich: SanitizeProfile = {
  ...basic,
  name: "rich",
  elements: [...basic.elements, ...headings, ...sections, ...moreSections, ...tables, ...media, ...phrases],
  attributes: {
    ...basic.attributes,
    "*": ["aria-describedby", "aria-hidden", "aria-label", "dir", "id", "lang", "role", "title", "translate"],
    a: ["download", "href", "hreflang", "name", "rel", "target", "type"],
    audio: ["controls", "loop", "muted", "preload", "src"],
    code: ["class"],
    col: ["span", "width"],
    colgroup: ["span"],
    data: ["value"],
    details: ["open"],
    figure: ["class"],
    img: ["alt", "class", "decoding", "height", "loading", "sizes", "src", "srcset", "width"],
    pre: ["class"],
    source: ["height", "media", "sizes", "src", "srcset", "type", "width"],
    span: ["class"],
    table: ["summary"],
    td: span,
    th: [...span, "abbr", "scope"],
    time: ["datetime"],
    track: ["default", "kind", "label", "src", "srclang"],
    video: ["controls", "height", "loop", "muted", "playsinline", "poster", "preload", "src", "width"],
  },
  rel: ["noopener", "noreferrer"],
  newWindows: true,
};

/** The profiles that a policy, a page or a component names by a word. */
export const profiles = { text, basic, rich } as const satisfies Record<string, SanitizeProfile>;
export type ProfileName = keyof typeof profiles;
