import type { ElementRule, TagEdit } from "../html/rewriter.ts";
import { plainValue, type StartTag } from "../html/start-tag.ts";
import { isOriginSource } from "./source.ts";

/** Whose scripts get the nonce. */
export interface TrustedScripts {
  /** The site's origin. */
  readonly site: string;
  /** Beginnings of paths on it. */
  readonly paths: readonly string[];
  /** Sources of `script-src`; those that name an origin count. */
  readonly sources: readonly string[];
}

/** Says whether a script's address, as it stands in a page, is one of those. */
export type TrustsAddress = (address: string) => boolean;

/** Addresses repeat from page to page; so many are remembered. */
const maxRemembered = 512;

/** Compiles whose scripts are trusted. Addresses are resolved as browsers do it, against the site: pages have no base. */
export function trustAddresses({ site, paths, sources }: TrustedScripts): TrustsAddress {
  const foreign = sources.filter(isOriginSource).map((source) => new URL(source));
  const remembered = new Map<string, boolean>();

  function judge(address: string): boolean {
    const url = URL.parse(address, site);
    if (url === null || url.username !== "") return false;
    if (url.origin === site) return paths.some((path) => url.pathname.startsWith(path));
    return foreign.some(({ origin, pathname }) => url.origin === origin && matchesPath(url.pathname, pathname));
  }

  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const trusted = judge(address);
    if (remembered.size < maxRemembered && address.length < 512) remembered.set(address, trusted);
    return trusted;
  };
}

/** CSP Level 3, section 6.7.2.12: what ends with a slash stands for all below it, anything else for itself. */
function matchesPath(path: string, declared: string): boolean {
  return declared.endsWith("/") ? path.startsWith(declared) : path === declared;
}

/**
 * Gives the nonce to script files of trusted addresses and takes every other nonce away. A tag that has the right one
 * keeps it: only who rendered this answer can know it. Inline scripts get none, since an injected one looks the same.
 */
export function stampRule(nonce: string, trusts: TrustsAddress): ElementRule {
  const add = ` nonce="${nonce}"`;
  return {
    elements: ["script", "style", "link"],
    edit(tag) {
      const nonces = tag.attributes.filter(({ name }) => name === "nonce");
      const sound = isSound(tag);
      if (sound && nonces.length === 1 && nonces[0]?.value === nonce) return undefined;
      const earned = sound && isTrusted(tag, trusts);
      if (!earned && nonces.length === 0) return undefined;
      const edit: TagEdit = { remove: nonces };
      return earned ? { ...edit, add } : edit;
    },
  };
}

function isTrusted(tag: StartTag, trusts: TrustsAddress): boolean {
  if (tag.name === "style") return false;
  const address = plainValue(tag, tag.name === "script" ? "src" : "href");
  return address !== undefined && trusts(address) && (tag.name === "script" || loadsScript(tag));
}

/** Links by which a script is fetched ahead of time. */
function loadsScript(tag: StartTag): boolean {
  const relations = (plainValue(tag, "rel") ?? "").toLowerCase().split(/[\t\n\f\r ]+/);
  if (relations.includes("modulepreload")) return true;
  return relations.includes("preload") && plainValue(tag, "as")?.toLowerCase() === "script";
}

/**
 * Whether the tag is one that its author wrote. An injected tag that never ends swallows the one behind it, nonce and all;
 * it then has attributes twice, or one with a tag in it (CSP Level 3, section 6.7.3.1).
 */
function isSound({ attributes }: StartTag): boolean {
  const names = new Set<string>();
  for (const { name, value } of attributes) {
    if (names.has(name) || /<s(?:cript|tyle)/i.test(name) || /<s(?:cript|tyle)/i.test(value)) return false;
    names.add(name);
  }
  return true;
}
