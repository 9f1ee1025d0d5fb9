import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { describe, expect, test } from "vitest";
import { plainValue, type StartTag } from "./start-tag.ts";
import { createHtmlRewriter, type ElementRule } from "./rewriter.ts";

const encoder = new TextEncoder();
const stamp: ElementRule = {
  elements: ["script"],
  edit: ({ attributes }) => ({ add: ' nonce="N"', remove: attributes.filter(({ name }) => name === "nonce") }),
};

describe("what becomes of a document", () => {
  test.each([
    ["a script", "<p>a<script src=x></script>", '<p>a<script nonce="N" src=x></script>'],
    ["upper case", "<SCRIPT\n\tSRC=x>1</SCRIPT>", '<SCRIPT nonce="N"\n\tSRC=x>1</SCRIPT>'],
    ["a slash in place of a space", "<script/src=x>", '<script nonce="N"/src=x>'],
    ["a foreign nonce", "<script nonce=evil src=x>", '<script nonce="N"  src=x>'],
    ["every foreign nonce", "<script nonce='a' x NONCE=\"b>\">", '<script nonce="N"  x >'],
    ["a name that only begins so", "<scripts><script-x><scrip>", "<scripts><script-x><scrip>"],
    ["an end tag with attributes", "</script src=x>", "</script src=x>"],
    ["a tag in a quoted value", `<p title="<script>" class='<script>'>`, `<p title="<script>" class='<script>'>`],
    ["a quote that opens no value", `<p "<script>`, `<p "<script>`],
    ["a comment", "<!--<script>--><script>", '<!--<script>--><script nonce="N">'],
    [
      "comments that end at once",
      "<!--><script></script><!---><script>",
      '<!--><script nonce="N"></script><!---><script nonce="N">',
    ],
    ["a comment that ends with a bang", "<!-- --!><script>", '<!-- --!><script nonce="N">'],
    ["no end of a comment", "<!---!><script>-->", "<!---!><script>-->"],
    ["a doctype and a bogus comment", "<!doctype x><?a<script>?></ <script>", "<!doctype x><?a<script>?></ <script>"],
    ["raw text", "<title><script></title><style><script></style>", "<title><script></title><style><script></style>"],
    [
      "text that looks like a script",
      "<textarea></textareas><script></textarea>",
      "<textarea></textareas><script></textarea>",
    ],
    ["a script in a script", "<script><script></script>", '<script nonce="N"><script></script>'],
    [
      "an escaped script",
      "<script><!--<script></script><script>--></script>",
      '<script nonce="N"><!--<script></script><script>--></script>',
    ],
    ["a script that stays open", "<script><!--<script></script>", '<script nonce="N"><!--<script></script>'],
    [
      "what is plain text to the end",
      "<plaintext><script></plaintext><script>",
      "<plaintext><script></plaintext><script>",
    ],
    ["a tag that never ends", "<b>x</b><script src='", "<b>x</b><script src='"],
    ["no text at all", "", ""],
    ["signs that begin nothing", "a < b <3 <> </> <", "a < b <3 <> </> <"],
  ])("%s", (_, before, after) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(rewrite(before, [stamp], size)).toBe(after);
  });

  test("bytes that are no UTF-8 pass as they came", () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x3c, 0x00, 0x73, 0xc3, 0x28, 0x3c);
    const rewriter = createHtmlRewriter([stamp]);
    expect(Buffer.concat([...rewriter.push(bytes), ...rewriter.end()])).toEqual(Buffer.from(bytes));
  });

  test("behind a tag of more than 64 KB nothing is changed any more", () => {
    const page = `<script></script><p title="${"x".repeat(70_000)}"><script></script>`;
    expect(rewrite(page, [stamp], 1000)).toBe(page.replace("<script>", '<script nonce="N">'));
  });

  test("a finished part is not held back", () => {
    const rewriter = createHtmlRewriter([stamp]);
    expect(Buffer.concat(rewriter.push(encoder.encode("<p>one</p><scr"))).toString()).toBe("<p>one</p>");
    expect(Buffer.concat(rewriter.push(encoder.encode("ipt>1")))).toEqual(Buffer.from('<script nonce="N">1'));
  });
});

describe("content of an element", () => {
  const shout: ElementRule = {
    elements: ["script", "style"],
    edit: (tag) =>
      plainValue(tag, "type") === "application/json"
        ? {
            content: {
              maxBytes: 20,
              replace: (content) => encoder.encode(Buffer.from(content).toString().toUpperCase()),
            },
          }
        : undefined,
  };

  test.each([
    [
      "is replaced",
      `<script type=application/json>{"a":1}</script>x`,
      `<script type=application/json>{"A":1}</script>x`,
    ],
    ["of others stays", "<script>let a</script><style>b</style>", "<script>let a</script><style>b</style>"],
    [
      "that is too long is left out",
      `<script type=application/json>${"y".repeat(21)}</script>x`,
      "<script type=application/json></script>x",
    ],
    ["that never ends is left out", `<script type=application/json>{"a":1}`, "<script type=application/json>"],
    [
      "may look like an end tag",
      "<script type=application/json></scripts></script>",
      "<script type=application/json></SCRIPTS></script>",
    ],
  ])("%s", (_, before, after) => {
    for (const size of [1, 4, 1000])
      expect(rewrite(before, [shout, stamp], size).replaceAll(' nonce="N"', "")).toBe(after);
  });
});

describe("against a parser of the standard", () => {
  const pieces = fc.constantFrom(
    ..."<>/!-=\"' \n\0&;x".split(""),
    ...[
      "<!--",
      "-->",
      "--!>",
      "<script",
      "</script",
      "<script>",
      "</script>",
      "<title>",
      "</title>",
      "<style>",
      "</style>",
    ],
    ...[
      "<textarea>",
      "</textarea ",
      "<p ",
      "</p>",
      " a=",
      ' b="',
      " c='",
      "src=/a.js",
      "nonce=x",
      "<noscript>",
      "</noscript>",
    ],
    ...[
      "<xmp>",
      "</xmp>",
      "<iframe>",
      "</iframe>",
      "<!doctype html>",
      "<?",
      "</",
      "<br/>",
      "SCRIPT",
      "<SCRIPT ",
      "<![CDATA[",
      "]]>",
    ],
  );
  const documents = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));

  test("finds the scripts that it finds, with their attributes", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(foundScripts(document)).toEqual(parsedScripts(document));
      }),
      { numRuns: 3000 },
    );
  });

  test("gives the same however the document is cut, and the document itself without rules", () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 9 }), (document, size) => {
        expect(rewrite(document, [stamp], size)).toBe(rewrite(document, [stamp], 10_000));
        expect(rewrite(document, [], size)).toBe(document);
      }),
      { numRuns: 1000 },
    );
  });
});

function rewrite(document: string, rules: readonly ElementRule[], size: number): string {
  const rewriter = createHtmlRewriter(rules);
  const bytes = encoder.encode(document);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(...rewriter.push(bytes.subarray(at, at + size)));
  out.push(...rewriter.end());
  return Buffer.concat(out).toString();
}

function foundScripts(document: string): string[] {
  const tags: StartTag[] = [];
  rewrite(document, [{ elements: ["script"], edit: (tag) => void tags.push(tag) }], 10_000);
  return tags.map(({ attributes }) => describeAttributes(attributes));
}

/** The scripts of a tree, in the order of the source; ended or not, as long as the start tag is whole. */
function parsedScripts(document: string): string[] {
  const found: string[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("tagName" in node && node.tagName === "script") found.push(describeAttributes(node.attrs));
    if ("content" in node) visit(node.content);
    if ("childNodes" in node) for (const child of node.childNodes) visit(child);
  };
  visit(parse(document, { scriptingEnabled: true }));
  return found;
}

function describeAttributes(attributes: readonly { readonly name: string; readonly value: string }[]): string {
  const first = new Map<string, string>();
  for (const { name, value } of attributes) if (!first.has(asParsed(name))) first.set(asParsed(name), asParsed(value));
  return [...first].map(([name, value]) => `${name}=${value}`).join(" ");
}

/** A parser puts a sign of its own in the place of NUL. */
function asParsed(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}
