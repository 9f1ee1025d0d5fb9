/**
 * An oracle for HTML that knows nothing of the sanitiser: parses a text as a browser would put it into a page and names
 * whatever in it could run, load a document, submit, refresh or shadow a name of the page.
 *
 * ```ts
 * findDanger('<img src=x onerror="hit()">') // ["img onerror"]
 * findDanger("<p>hello</p>") // []
 * ```
 */
import { JSDOM, VirtualConsole } from "jsdom";

interface ParsedNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly namespaceURI: string | null;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<ParsedNode>;
  readonly content?: ParsedNode;
}

const html = "http://www.w3.org/1999/xhtml";
const forbidden = new Set([
  ...[
    "applet",
    "base",
    "button",
    "embed",
    "form",
    "frame",
    "frameset",
    "iframe",
    "input",
    "isindex",
    "link",
    "marquee",
  ],
  ...[
    "meta",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "option",
    "param",
    "plaintext",
    "portal",
    "script",
    "select",
  ],
  ...["style", "template", "textarea", "title", "xmp"],
]);
const forbiddenAttributes =
  /^(?:on.*|style|srcdoc|action|formaction|form|http-equiv|ping|is|nonce|xlink:.*|xmlns.*|slot|autofocus|contenteditable|popover.*|command.*|background|dynsrc|lowsrc)$/i;
const urls = /^(?:href|src|srcset|poster|cite|data|longdesc|itemtype|itemid)$/i;
/** What the URL parser drops, and everything else that is no sign: it must not hide a scheme. */
const hidden = /[^!-~]/g;
const harmlessScheme = /^(?:https?|mailto|tel):/i;

const { document } = new JSDOM("", { virtualConsole: new VirtualConsole() }).window as {
  readonly document: { createElement(name: string): ParsedNode & { innerHTML: string } };
};

/** In order of the document; each as the element's name, with the attribute and scheme where it is one of those. */
export function findDanger(text: string): string[] {
  const place = document.createElement("div");
  place.innerHTML = text;
  const found: string[] = [];
  const waiting: ParsedNode[] = [...place.childNodes].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    found.push(...dangersOf(node));
    waiting.push(
      ...[...node.childNodes, ...(node.nodeName === "TEMPLATE" && node.content ? [node.content] : [])].reverse(),
    );
  }
  return found;
}

function dangersOf(node: ParsedNode): string[] {
  if (node.nodeType === 3 || node.nodeType === 11) return [];
  if (node.nodeType !== 1) return [node.nodeName];
  const name = node.nodeName.toLowerCase();
  const dangers = forbidden.has(name) || node.namespaceURI !== html ? [name] : [];
  for (const attribute of node.attributes ?? []) {
    const compact = attribute.value.replace(hidden, "");
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(compact)?.[0] ?? "";
    // An element keeps what it is (`is`) for ever, and is written out with it; empty, it names nothing.
    if (attribute.name === "is" && attribute.value === "") continue;
    if (forbiddenAttributes.test(attribute.name)) dangers.push(`${name} ${attribute.name}`);
    else if (/^(?:id|name)$/i.test(attribute.name) && !attribute.value.startsWith("user-content-"))
      dangers.push(`${name} ${attribute.name}=${attribute.value}`);
    else if (urls.test(attribute.name) && scheme !== "" && !harmlessScheme.test(scheme))
      dangers.push(`${name} ${attribute.name} ${scheme.toLowerCase()}`);
    else if (
      attribute.name === "target" &&
      !/noopener/.test(String([...(node.attributes ?? [])].find(({ name }) => name === "rel")?.value))
    )
      dangers.push(`${name} target without noopener`);
  }
  return dangers;
}
