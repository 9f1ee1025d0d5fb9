import type { Component } from "svelte";
import type { ProfileChoice } from "headgate/browser";
import type { ContainerName } from "../lib/html/container.ts";
import JsonLdSource from "./json-ld.svelte";
import SafeHtmlSource from "./safe-html.svelte";

/** What `SafeHtml` takes, beside attributes for the element around it. */
export interface SafeHtmlProps {
  /** Whatever it holds: it is cleaned here, on the server and in the browser. */
  readonly html: string;
  /** `basic` unless told. */
  readonly profile?: ProfileChoice;
  /** The element around it; `div` unless told. */
  readonly as?: ContainerName;
  readonly [attribute: string]: unknown;
}

/** What `JsonLd` takes. */
export interface JsonLdProps {
  /** Whatever JSON can hold. */
  readonly data: unknown;
}

// The components are sources, for the compiler of whoever uses them; their props are known here only.

/** Shows HTML that somebody else wrote: `<SafeHtml html={article.body} profile="rich" as="article" />`. */
export const SafeHtml = SafeHtmlSource as unknown as Component<SafeHtmlProps>;

/** Structured data about a page, in a script element that none of its texts can end. */
export const JsonLd = JsonLdSource as unknown as Component<JsonLdProps>;
