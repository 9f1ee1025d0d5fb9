import createDOMPurify from "dompurify";
import type { DomPurify } from "../lib/html/dom-purify.ts";
import { type ProfileName, profiles } from "../lib/html/profiles.ts";
import { createPurifier } from "../lib/html/purifier.ts";
import { createSafeHtml, type ProfileChoice } from "../lib/html/safe-html.ts";
import { jsonLd as writeJson, jsonLdElement as writeElement } from "../lib/json-ld.ts";
import type { SanitizeProfile } from "../lib/sanitize-profile.ts";

/**
 * `headgate/browser`, as pages load it. On a server the same names come from another file, with a DOM of its own; see
 * `sanitize/server.ts`. What it names of the browser is declared here.
 */
declare const window: { readonly trustedTypes?: TrustedTypes } | undefined;

interface TrustedTypes {
  createPolicy(name: string, rules: PolicyRules): TrustedPolicy;
}
interface PolicyRules {
  createHTML(html: string): string;
  createScriptURL?(url: string): string;
}
interface TrustedPolicy {
  createHTML(html: string): { toString(): string };
}

export { profiles };
export type { ProfileChoice, ProfileName, SanitizeProfile };

/** The name under which the policy of a page has to allow this: `trusted-types headgate`. */
export const trustedTypesPolicyName = "headgate";

interface Tools {
  safeHtml(html: string, profile?: ProfileChoice): string;
  sign(html: string): string;
}

let tools: Tools | undefined;

/**
 * Made on first use, so that whatever imports this can be loaded where there is no DOM.
 *
 * The policy signs whatever it is given, and so it never leaves this file: it signs what is about to be parsed into a
 * document where nothing runs, and what came out clean.
 */
function getTools(): Tools {
  if (tools) return tools;
  if (typeof window === "undefined") throw new Error("there is no DOM here to clean HTML with");
  const policy = window.trustedTypes?.createPolicy(trustedTypesPolicyName, {
    createHTML: (html) => html,
    createScriptURL() {
      throw new TypeError("no profile lets a script through");
    },
  });
  // An instance of our own: the hooks of whoever else uses DOMPurify on the page stay theirs.
  const purify = createDOMPurify(window as unknown as Parameters<typeof createDOMPurify>[0]);
  const configured: DomPurify = {
    isSupported: purify.isSupported,
    addHook: (event, hook) => purify.addHook(event as "afterSanitizeAttributes", hook as never),
    sanitize: (html, configuration) =>
      purify.sanitize(html, { ...configuration, ...(policy && { TRUSTED_TYPES_POLICY: policy as never }) }),
  };
  // A trusted object prints as its text, and is typed as what it stands for: every sink takes both.
  const sign = (html: string): string => (policy ? (policy.createHTML(html) as unknown as string) : html);
  return (tools = { safeHtml: createSafeHtml(createPurifier(configured)), sign });
}

/**
 * Reduces HTML to what a profile lets stay (`basic` unless told), for `innerHTML` and its like. Where the browser has
 * Trusted Types, the result is a `TrustedHTML` of the policy `headgate`, which enforcing pages take where they refuse text.
 * What is clean already stays what it is.
 * @throws Error when it cannot be cleaned: too long, too deep, no DOM; never gives the input back instead
 */
export function safeHtml(html: string, profile?: ProfileChoice): string {
  const { safeHtml: clean, sign } = getTools();
  return sign(clean(html, profile));
}

/**
 * Writes data as JSON for a script element, so that nothing in it ends that element. Trusted as `safeHtml` is: it holds no
 * character that markup begins with.
 */
export function jsonLd(value: unknown): string {
  return signed(writeJson(value));
}

/** The same with the script element around it, for templates that take HTML. */
export function jsonLdElement(value: unknown): string {
  return signed(writeElement(value));
}

/** JSON needs no DOM to be written; only a page needs it signed. */
function signed(html: string): string {
  return typeof window === "undefined" ? html : getTools().sign(html);
}

/**
 * Cleans every text that any script of the page puts into a sink for HTML, by making the policy `default` of Trusted Types:
 * for old code, until it calls `safeHtml` itself. Scripts and their addresses stay refused. The page's policy has to allow
 * `trusted-types headgate default`. Does nothing where Trusted Types do not exist.
 */
export function cleanSinks(profile?: ProfileChoice): void {
  const { safeHtml: clean } = getTools();
  window?.trustedTypes?.createPolicy("default", { createHTML: (html) => clean(html, profile) });
}
