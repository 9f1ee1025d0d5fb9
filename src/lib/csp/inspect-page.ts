import { type DefaultTreeAdapterTypes, type Token, parse } from "parse5";

/** A reference to a file that a page loads as a script, a style sheet, or ahead of time. */
export interface PageFile {
  readonly kind: "script" | "style" | "preload";
  /** As it stands in the page. */
  readonly address: string;
  readonly integrity: string | undefined;
  /** Where an attribute can be put into the tag: an offset into the page's text. */
  readonly insertAt: number;
  readonly crossorigin: boolean;
}

/** Something that a strict policy will refuse, or that weakens it. */
export interface PageProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly problem: string;
  readonly fix: string;
  /** `refused`: the page will not work; `careful`: it will look different, or somebody should know. */
  readonly weight: "refused" | "careful";
}

/** What a content security policy has to know of a page. */
export interface InspectedPage {
  /** The texts of inline scripts and styles, as browsers hash them. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  readonly files: readonly PageFile[];
  /** Whether scripts are modules, which import further files. */
  readonly hasModules: boolean;
  readonly problems: readonly PageProblem[];
}

type Element = DefaultTreeAdapterTypes.Element;

const scriptTypes =
  /^(?:|module|importmap|speculationrules|(?:text|application)\/(?:x-)?(?:java|ecma|j|live)script(?:1\.\d)?)$/;

/**
 * Reads a page of a build as a browser does and lists what its policy has to name. For build time only: at request time
 * a page may hold what an attacker put there, and to hash that would be to bless it.
 */
export function inspectPage(text: string): InspectedPage {
  const found = {
    scripts: new Set<string>(),
    styles: new Set<string>(),
    files: [] as PageFile[],
    hasModules: false,
    problems: [] as PageProblem[],
  };
  // What stands in <noscript> is markup only where no scripts run; both readings count.
  for (const scriptingEnabled of [true, false]) {
    const isSecond = !scriptingEnabled;
    visit(parse(text, { sourceCodeLocationInfo: true, scriptingEnabled }), (element, within) => {
      if (isSecond && !within.has("noscript")) return;
      inspect(element, text, found);
    });
  }
  return { ...found, scripts: [...found.scripts], styles: [...found.styles] };
}

interface Found {
  readonly scripts: Set<string>;
  readonly styles: Set<string>;
  readonly files: PageFile[];
  hasModules: boolean;
  readonly problems: PageProblem[];
}

function inspect(element: Element, text: string, found: Found): void {
  const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
  const line = element.sourceCodeLocation?.startLine ?? 0;
  const tell = (weight: PageProblem["weight"], problem: string, fix: string) =>
    void found.problems.push({ line, problem, fix, weight });
  for (const [name, value] of attributes) inspectAttribute(name, value, tell);
  const address = attributes.get("src");
  if (element.tagName === "script") {
    const type = (attributes.get("type") ?? "").trim().toLowerCase();
    if (!scriptTypes.test(type)) return;
    if (type === "module") found.hasModules = true;
    if (address === undefined) found.scripts.add(contentOf(element, text));
    else found.files.push(fileOf("script", address, attributes, element));
  } else if (element.tagName === "style") {
    found.styles.add(contentOf(element, text));
  } else if (element.tagName === "link") {
    const relations = (attributes.get("rel") ?? "").toLowerCase().split(/\s+/);
    const href = attributes.get("href");
    if (href === undefined) return;
    if (relations.includes("stylesheet")) found.files.push(fileOf("style", href, attributes, element));
    if (relations.includes("modulepreload")) found.files.push(fileOf("preload", href, attributes, element));
  } else if (element.tagName === "base" && attributes.has("href")) {
    tell("refused", "<base> is refused by base-uri 'none'", "write whole paths");
  } else if (element.tagName === "object" || element.tagName === "embed") {
    tell("refused", `<${element.tagName}> is refused by object-src 'none'`, "use an <img>, <video> or <iframe>");
  }
}

function inspectAttribute(
  name: string,
  value: string,
  tell: (weight: PageProblem["weight"], problem: string, fix: string) => void,
): void {
  if (/^on[a-z]/.test(name)) {
    tell("refused", `${name}="…" is a handler in an attribute`, "use addEventListener in a script");
  } else if (name === "style") {
    tell("careful", 'style="…" is refused', "use a class, or allow them: styleAttributes: true");
  } else if (/^(?:href|src|action|formaction|data|xlink:href)$/.test(name) && isScriptUrl(value)) {
    tell("refused", `${name}="javascript:…" is a script in an address`, "use a button and addEventListener");
  } else if (name === "srcdoc") {
    tell("careful", "a frame with srcdoc has the policy of this page", "give the frame an address of its own");
  }
}

/** Browsers drop tabs and line ends within a scheme, and controls before it. */
function isScriptUrl(value: string): boolean {
  return value
    .replace(/[\u0000-\u0020]+/g, "")
    .toLowerCase()
    .startsWith("javascript:");
}

function fileOf(
  kind: PageFile["kind"],
  address: string,
  attributes: ReadonlyMap<string, string>,
  element: Element,
): PageFile {
  const { startOffset = 0 } = startTagOf(element) ?? {};
  return {
    kind,
    address,
    integrity: attributes.get("integrity"),
    insertAt: startOffset + 1 + element.tagName.length,
    crossorigin: attributes.has("crossorigin"),
  };
}

/** The very characters of the source: a parser would have normalised line ends, as browsers do before they hash. */
function contentOf(element: Element, text: string): string {
  const location = element.sourceCodeLocation;
  const [from, to] = [location?.startTag?.endOffset, location?.endTag?.startOffset];
  const content = from === undefined ? "" : text.slice(from, to ?? text.length);
  return content.replace(/\r\n?/g, "\n");
}

function startTagOf(element: Element): Token.Location | undefined {
  return element.sourceCodeLocation?.startTag ?? element.sourceCodeLocation ?? undefined;
}

function visit(
  node: DefaultTreeAdapterTypes.Node,
  look: (element: Element, within: ReadonlySet<string>) => void,
): void {
  // With a stack of its own: pages may be nested deeper than calls.
  const waiting: { node: DefaultTreeAdapterTypes.Node; within: ReadonlySet<string> }[] = [{ node, within: new Set() }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node: current, within } = next;
    let inner = within;
    if ("tagName" in current) {
      look(current, within);
      if (current.tagName === "noscript") inner = new Set([...within, "noscript"]);
    }
    const children = [
      ...("childNodes" in current ? current.childNodes : []),
      ...("content" in current ? [current.content] : []),
    ];
    for (const child of children.toReversed()) waiting.push({ node: child, within: inner });
  }
}
