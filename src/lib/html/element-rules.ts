import type { AttributeEvent, DomPurify, SanitizedElement } from "./dom-purify.ts";
import type { ProfileRules } from "./profile-rules.ts";
import { writeRel } from "./rel.ts";
import { filterStyle } from "./style.ts";
import { allowedFrame, isAllowedImage, isAllowedSrcset, isAllowedUrl, leavesSite, urlAttributes } from "./urls.ts";

const element = 1;
/** Where these go and their text stays, the text would run into that of its neighbours. */
const separate: ReadonlySet<string> = new Set([
  ...["address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "div", "dl", "dt"],
  ...["fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"],
  ...["main", "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul"],
]);
const clobberPrefix = "user-content-";
/** What a page in a frame may do: run and show itself, and open its own site. Never navigate the page around it. */
const frameSandbox = "allow-scripts allow-same-origin allow-popups allow-presentation";

/** Hangs the rules of whichever profile is active into an instance of DOMPurify. */
export function addRules(purify: DomPurify): { rules: ProfileRules | undefined } {
  const active: { rules: ProfileRules | undefined } = { rules: undefined };
  let names: { readonly document: unknown; readonly set: ReadonlySet<string> } | undefined;

  /** Names of one document, once for all of its links: a document full of both would take the square of the time. */
  function namesIn(document: SanitizedElement["ownerDocument"]): ReadonlySet<string> {
    if (names?.document === document) return names.set;
    const set = new Set<string>();
    for (const named of document.querySelectorAll("[id], [name]"))
      for (const name of [named.getAttribute("id"), named.getAttribute("name")])
        if (name !== null) set.add(name.trim());
    names = { document, set };
    return set;
  }

  purify.addHook("uponSanitizeElement", (node) => {
    const { rules } = active;
    if (node.nodeType !== element || !rules) return;
    const name = node.nodeName.toLowerCase();
    if (name === "iframe" && rules.elements.has(name)) judgeFrame(node, rules);
    else if (separate.has(name) && !rules.elements.has(name)) {
      const space = name === "td" || name === "th" ? " " : "\n";
      node.parentNode?.insertBefore(node.ownerDocument.createTextNode(space), node.nextSibling);
    }
  });

  purify.addHook("uponSanitizeAttribute", (node, event) => {
    const { rules } = active;
    const name = event.attrName;
    if (!rules?.allows(node.nodeName.toLowerCase(), name)) event.keepAttr = false;
    else if (name === "href" && event.attrValue.startsWith("#")) {
      const target = event.attrValue.slice(1);
      // Names in content get a prefix, so that none of them shadows a name of the page; links to them go along.
      if (!target.startsWith(clobberPrefix) && namesIn(node.ownerDocument).has(target))
        event.attrValue = `#${clobberPrefix}${target}`;
    } else judgeValue(node, event, rules);
  });

  purify.addHook("afterSanitizeAttributes", (node) => {
    const { rules } = active;
    if (node.nodeType !== element || !rules) return;
    const name = node.nodeName.toLowerCase();
    if (name === "a" && rules.elements.has(name)) finishLink(node, rules);
    else if (name === "img" && !node.hasAttribute("src") && !node.hasAttribute("srcset")) remove(node);
    else if (name === "iframe") {
      node.setAttribute("sandbox", frameSandbox);
      node.setAttribute("loading", "lazy");
      node.setAttribute("referrerpolicy", "strict-origin-when-cross-origin");
    }
  });

  return active;
}

function finishLink(node: SanitizedElement, { profile }: ProfileRules): void {
  const href = node.getAttribute("href");
  const words = href !== null && leavesSite(href) ? profile.rel : [];
  const written = node.getAttribute("rel");
  const rel = writeRel(href === null ? "" : (written ?? ""), words, node.hasAttribute("target"));
  if (rel === "") node.removeAttribute("rel");
  else if (rel !== written) node.setAttribute("rel", rel);
}

function remove(node: SanitizedElement): void {
  node.parentNode?.removeChild(node);
}

function judgeFrame(node: SanitizedElement, { profile }: ProfileRules): void {
  const page = allowedFrame(node.getAttribute("src") ?? "", profile.frames);
  if (page === undefined) return remove(node);
  node.setAttribute("src", page);
  // What stands between the tags is raw text that nobody sees.
  node.textContent = "";
}

function judgeValue(node: SanitizedElement, event: AttributeEvent, rules: ProfileRules): void {
  const { attrName: name, attrValue: value } = event;
  if (name === "style") {
    event.attrValue = filterStyle(value, rules.styles);
    event.keepAttr = event.attrValue !== "";
  } else if (name === "srcset") event.keepAttr = isAllowedSrcset(value, rules);
  else if (name === "target") event.keepAttr = rules.profile.newWindows && value.toLowerCase() === "_blank";
  else if (urlAttributes.has(name)) {
    const judge = name === "src" && /^(?:img|source)$/i.test(node.nodeName) ? isAllowedImage : isAllowedUrl;
    event.keepAttr = judge(value, rules);
  }
}
