import createDOMPurify from "dompurify";
import { JSDOM, VirtualConsole } from "jsdom";
import type { DomPurify } from "../lib/html/dom-purify.ts";
import { createPurifier, type Purify } from "../lib/html/purifier.ts";

/**
 * A purifier on a window of its own. jsdom runs no scripts and loads nothing unless told to, and it is not told to; what it
 * complains of goes nowhere, since it would quote the text.
 * @throws Error when DOMPurify does not work on it
 */
export function createJsdomPurifier(): Purify {
  const { window } = new JSDOM("", { virtualConsole: new VirtualConsole() });
  // DOMPurify asks for the type of a browser's window, and jsdom is none by name; what is used of it, it has.
  const purify = createDOMPurify(window as Parameters<typeof createDOMPurify>[0]);
  return createPurifier(purify as unknown as DomPurify);
}
