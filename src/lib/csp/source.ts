import type { SourceDirective } from "./directives.ts";

/** Schemes without a host, where the content is no code. */
const schemes: Readonly<Record<string, readonly SourceDirective[]>> = {
  "data:": ["img-src", "font-src", "media-src"],
  "blob:": ["img-src", "media-src", "worker-src"],
};

/** Keywords that are safe, and where they mean something. */
const keywords: Readonly<Record<string, readonly SourceDirective[] | "everywhere">> = {
  "'self'": "everywhere",
  "'none'": "everywhere",
  "'wasm-unsafe-eval'": ["script-src"],
  "'report-sample'": ["script-src", "style-src"],
};

const reasons: Readonly<Record<string, string>> = {
  "'unsafe-inline'":
    "lets an injected script or style run as well. Give the site's own a nonce or a hash: 'sha256-…' here, or `headgate csp build`",
  "'unsafe-eval'": "turns any text into code. For WebAssembly alone there is 'wasm-unsafe-eval'",
  "'unsafe-hashes'": "lets an attacker put a listed handler on any element. Use addEventListener in a script",
  "'strict-dynamic'": "is an option of its own: strictDynamic",
  "*": "names everybody. Name the origins",
};

const hash = /^'sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)'$/;

/** Directives in which one name for many hosts does no harm: nothing that is loaded there can act in the page. */
const manyHosts: ReadonlySet<SourceDirective> = new Set(["img-src", "media-src", "font-src"]);

/**
 * Judges one source of a directive, as the policy's author wrote it, and gives it back as it stands in the header.
 * @throws Error saying why it would make the policy worthless, or that it is none
 */
export function parseSource(directive: SourceDirective, text: string): string {
  const keyword = keywords[text];
  if (keyword === "everywhere" || keyword?.includes(directive)) return text;
  if (reasons[text] !== undefined) throw new Error(`${text} ${reasons[text]}.`);
  if (hash.test(text) && (directive === "script-src" || directive === "style-src")) return text;
  if (schemes[text]?.includes(directive)) return text;
  if (/^'/.test(text)) throw new Error(`${text} means nothing in ${directive}.`);
  if (/^[a-z][a-z0-9+.-]*:(?:\/\/)?$/i.test(text)) {
    throw new Error(`${text} lets whoever can write an address in there. Name the origins.`);
  }
  return parseOrigin(directive, text);
}

function parseOrigin(directive: SourceDirective, text: string): string {
  const wildcard = text.includes("*");
  if (wildcard && !(/^https:\/\/\*\.[^*]+$/.test(text) && manyHosts.has(directive))) {
    throw new Error(`${text} names more hosts than anybody can know. Name them one by one.`);
  }
  const url = URL.parse(text.replace("*.", "wildcard."));
  const secure = url !== null && (/^(?:https|wss):$/.test(url.protocol) || isLoopback(url.hostname));
  if (url === null || !secure || /^https?:\/\/[^/]*[@?#;,\s]/.test(text)) {
    throw new Error(`"${text}" is not an origin over TLS, such as "https://images.example".`);
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new Error(`"${text}" is more than an origin and a path.`);
  }
  // A path that ends with a slash stands for all below it; a semicolon or comma would end the directive.
  const path = url.pathname === "/" ? "" : url.pathname.replaceAll(";", "%3B").replaceAll(",", "%2C");
  return `${url.protocol}//${url.host.replace(/^wildcard\./, wildcard ? "*." : "wildcard.")}${path}`;
}

/** Where a site is developed. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

/** Whether it is an origin, with or without a path: what a script's address can be compared with. */
export function isOriginSource(source: string): boolean {
  return source.includes("://");
}
