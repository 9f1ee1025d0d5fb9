import { isSourceDirective } from "../lib/csp/directives.ts";
import { cleanUrl } from "./clean.ts";

/** What became of something that was blocked: a source that a policy can name, or the reason why none is proposed. */
export type JudgedSource = { readonly source: string } | { readonly why: string };

/** Directives of elements and attributes fall back to the one of their family, which is the one that policies write. */
export function familyOf(directive: string): string {
  return directive.replace(/^(script|style)-src-(?:elem|attr)$/, "$1-src");
}

/** Directives to which no source is ever added because a browser asked for it. */
const decisions: Readonly<Record<string, string>> = {
  "base-uri": "A foreign base sends every relative address of the page elsewhere. Take the <base> out instead.",
  "frame-ancestors": "Who may frame your pages is for you to decide, not for whoever tried.",
  "object-src": "Plugins are gone, and what is left of them runs scripts. Take the element out instead.",
  "require-trusted-types-for":
    "Text went where HTML or a script's address is expected. Clean it, or use textContent; the sample says which sink.",
  sandbox: "A sandbox is loosened by its own keywords, by hand.",
  "trusted-types": "A policy that makes trusted values is as good as its code. Read it, then name it by hand.",
};

const inline: Readonly<Record<string, string>> = {
  "script-src-attr":
    "A handler in an attribute can have no nonce. Move it into a script with addEventListener; 'unsafe-inline' would let any injected handler run.",
  "script-src":
    "Give the script a nonce (rendered pages) or a hash (`headgate csp build`, static pages). 'unsafe-inline' would let an injected script run as well.",
  "style-src-attr": "A style in an attribute can have no nonce. Use a class, or set the property from a script.",
  "style-src":
    "Give the style a nonce or a hash. 'unsafe-inline' lets injected styles read what is on the page, letter by letter.",
};

/** Schemes that can be harmless, and where: pictures and fonts carry no code. */
const harmlessSchemes: Readonly<Record<string, readonly string[]>> = {
  "data:": ["img-src", "font-src", "media-src"],
  "blob:": ["img-src", "media-src"],
};

/** Hosts where anybody can have a script: to name one is to let everybody in. */
const openHosts: ReadonlySet<string> = new Set([
  ...["ajax.googleapis.com", "cdn.jsdelivr.net", "cdn.skypack.dev", "cdn.statically.io", "cdnjs.cloudflare.com"],
  ...["esm.sh", "ga.jspm.io", "gist.githubusercontent.com", "gitcdn.xyz", "raw.githack.com"],
  ...["raw.githubusercontent.com", "rawcdn.githack.com", "rawgit.com", "unpkg.com", "www.gstatic.com"],
]);

/**
 * Says whether a policy may name what was blocked. It proposes exact origins over TLS and `data:` where it carries no
 * code, and nothing that would make a policy worthless: no `'unsafe-inline'`, no `'unsafe-eval'`, no wildcard, no plain
 * HTTP, no host that serves anybody's scripts (see the bypasses in csp_evaluator).
 * @param blocked an address or a keyword, as the collector noted it
 * @param siteOrigins origins that are the site itself
 */
export function judgeSource(directive: string, blocked: string, siteOrigins: ReadonlySet<string>): JudgedSource {
  const family = familyOf(directive);
  const decision = decisions[family];
  if (decision !== undefined) return { why: decision };
  if (!isSourceDirective(family))
    return { why: "A policy does not name this directive here; those that took its place are reported by themselves." };
  if (blocked === "inline" || blocked === "self") return { why: inline[directive] ?? inline[family] ?? unreadable };
  if (blocked === "eval") {
    return { why: "'unsafe-eval' turns text into code. Find the library (the log has file and line) and replace it." };
  }
  if (blocked === "wasm-eval") {
    return { why: "If the site itself uses WebAssembly, write 'wasm-unsafe-eval' by hand; it allows nothing else." };
  }
  const url = cleanUrl(blocked);
  if (!url) return { why: unreadable };
  if (!url.origin.includes("//")) return judgeScheme(family, url.origin);
  if (siteOrigins.has(url.origin)) return { source: "'self'" };
  return judgeOrigin(family, url.origin);
}

const unreadable = "What was blocked cannot be read as a source.";

function judgeScheme(family: string, scheme: string): JudgedSource {
  if (harmlessSchemes[scheme]?.includes(family)) return { source: scheme };
  return { why: `${scheme} lets whoever can write an address write the content too.` };
}

function judgeOrigin(family: string, origin: string): JudgedSource {
  const { protocol, hostname } = new URL(origin);
  if (protocol === "http:" || protocol === "ws:") {
    return { why: "Whoever is on the network can replace it. Link to it over TLS, or do without it." };
  }
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(hostname) || /\.\d+$/.test(hostname)) {
    return { why: "An address in a local network, or none of a name: no visitor of the public site needs it." };
  }
  if (openHosts.has(hostname) && (family === "script-src" || family === "default-src" || family === "worker-src")) {
    return { why: "Anybody's scripts are served from there. Serve the file yourself, or name it by its hash." };
  }
  return { source: origin };
}
