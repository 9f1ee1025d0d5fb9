import { createElement, type HTMLAttributes, type ReactElement, useMemo } from "react";
import { jsonLdElement, type ProfileChoice, safeHtml } from "headgate/browser";
import { type ContainerName, containerOf } from "../lib/html/container.ts";

/** What `SafeHtml` takes, beside what any element does. */
export interface SafeHtmlProps extends Omit<HTMLAttributes<HTMLElement>, "children" | "dangerouslySetInnerHTML"> {
  /** Whatever it holds: it is cleaned here, on the server and in the browser. */
  readonly html: string;
  /** `basic` unless told. */
  readonly profile?: ProfileChoice;
  /** The element around it; `div` unless told. */
  readonly as?: ContainerName;
}

/** Shows HTML that somebody else wrote. Throws, for the next error boundary, where it cannot be cleaned. */
export function SafeHtml({ html, profile, as = "div", ...others }: SafeHtmlProps): ReactElement {
  const clean = useMemo(() => safeHtml(html, profile), [html, profile]);
  // Children beside it are an error in React; from untyped code they may come nevertheless.
  const attributes = { ...others, children: undefined, dangerouslySetInnerHTML: { __html: clean } };
  return createElement(containerOf(as), attributes);
}

/** What `JsonLd` takes. */
export interface JsonLdProps {
  /** Whatever JSON can hold. */
  readonly data: unknown;
}

/**
 * Structured data about a page, in a script element that none of its texts can end. A hidden element stands around it:
 * React makes script elements by way of `innerHTML`, with a text that enforced Trusted Types refuse.
 */
export function JsonLd({ data }: JsonLdProps): ReactElement {
  const element = useMemo(() => jsonLdElement(data), [data]);
  return createElement("span", { hidden: true, dangerouslySetInnerHTML: { __html: element } });
}
