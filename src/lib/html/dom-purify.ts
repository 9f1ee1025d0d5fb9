/** What is used of DOMPurify; its own types need those of a browser, which the gateway must not name by mistake. */
export interface DomPurify {
  readonly isSupported: boolean;
  sanitize(html: string, configuration: Readonly<Record<string, unknown>>): unknown;
  addHook(event: string, hook: (node: SanitizedElement, event: AttributeEvent) => void): void;
}

/** What DOMPurify asks of an attribute. */
export interface AttributeEvent {
  readonly attrName: string;
  attrValue: string;
  keepAttr: boolean;
}

/** What the hooks use of an element; the rest of a browser is not theirs. */
export interface SanitizedElement {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nextSibling: SanitizedElement | null;
  readonly parentNode: {
    insertBefore(node: unknown, before: SanitizedElement | null): unknown;
    removeChild(node: SanitizedElement): unknown;
  } | null;
  readonly ownerDocument: {
    createTextNode(text: string): unknown;
    querySelectorAll(selector: string): Iterable<SanitizedElement>;
  };
  textContent: string | null;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
}
