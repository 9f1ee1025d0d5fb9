import { parseSync } from "vite";

/** A regular expression of the source. */
export interface FoundRegexp {
  readonly file: string;
  readonly line: number;
  /** As it is written there. */
  readonly text: string;
  /** Undefined where it is built of texts that are not constant. */
  readonly source: string | undefined;
  readonly flags: string;
}

/** A node of the syntax tree, as far as it matters here. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** Every regular expression literal of a file, and every `RegExp(…)` with what its texts come to. */
export function collectRegexps(file: string, text: string): readonly FoundRegexp[] {
  // The parser's own types leave out what it adds to literals.
  const program = parseSync(file, text).program as unknown as SyntaxNode;
  const constants = new Map<string, SyntaxNode>();
  const found: FoundRegexp[] = [];
  visit(program, (node) => {
    if (node.type === "VariableDeclarator" && isNode(node["id"]) && isNode(node["init"])) {
      constants.set(String(node["id"]["name"]), node["init"]);
    }
  });
  visit(program, (node) => {
    const line = text.slice(0, node.start).split("\n").length;
    const written = text.slice(node.start, node.end);
    const { regex } = node as { regex?: { readonly pattern: string; readonly flags: string } };
    if (regex) found.push({ file, line, text: written, source: regex.pattern, flags: regex.flags });
    if (!isRegexpCall(node)) return;
    const [source, flags] = node["arguments"] as readonly SyntaxNode[];
    if (source?.type === "Literal" && "regex" in source) return;
    found.push({
      file,
      line,
      text: written,
      source: source && evaluate(source, constants),
      flags: (flags && evaluate(flags, constants)) ?? "",
    });
  });
  return found;
}

function isRegexpCall(node: SyntaxNode): boolean {
  const { callee } = node;
  return (
    (node.type === "NewExpression" || node.type === "CallExpression") && isNode(callee) && callee["name"] === "RegExp"
  );
}

/** The text that an expression of literals, templates, sums and constants of the same file comes to. */
function evaluate(node: SyntaxNode, constants: ReadonlyMap<string, SyntaxNode>): string | undefined {
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node.type === "Identifier") {
    const constant = constants.get(String(node["name"]));
    return constant && evaluate(constant, constants);
  }
  if (node.type === "TemplateLiteral") {
    const quasis = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
    const values = (node["expressions"] as readonly SyntaxNode[]).map((one) => evaluate(one, constants));
    if (values.includes(undefined)) return undefined;
    return quasis.map(({ value }, index) => value.cooked + (values[index] ?? "")).join("");
  }
  if (node.type === "BinaryExpression" && node["operator"] === "+" && isNode(node["left"]) && isNode(node["right"])) {
    const [left, right] = [evaluate(node["left"], constants), evaluate(node["right"], constants)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function visit(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  look(node);
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? (member as unknown[]) : [member]) if (isNode(child)) visit(child, look);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
