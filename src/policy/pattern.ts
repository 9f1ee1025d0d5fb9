/** The methods that a route may declare. CONNECT and TRACE are tunnels and echoes: no gateway forwards them. */
export const routeMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** One segment of a pattern: fixed text (decoded), a named parameter, or the rest of the path. */
export type PatternSegment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "rest" };

/** A route's method and path, parsed. */
export interface Pattern {
  readonly methods: readonly string[];
  readonly path: string;
  readonly segments: readonly PatternSegment[];
  readonly params: readonly string[];
}

const literal = /^[A-Za-z0-9\-._~!$&'()+,=:@]*$/;
const paramName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Parses `"GET /api/users/:userId/orders"`; several methods are written `"GET|POST /x"`. `*` may stand as the last
 * segment and takes one or more segments, the empty one included.
 * @throws Error with a message for the policy's author
 */
export function parsePattern(text: string): Pattern {
  const match = /^([A-Z|]+) (\/\S*)$/.exec(text);
  if (!match) throw new Error('a route is written "METHOD /path", for instance "GET /api/products/:id"');
  const methods = (match[1] ?? "").split("|");
  const path = match[2] ?? "";
  for (const method of methods) {
    if (!(routeMethods as readonly string[]).includes(method)) {
      throw new Error(`${method || "an empty method"} is not a method that can be routed (${routeMethods.join(", ")})`);
    }
  }
  const parts = path.slice(1).split("/");
  const segments = parts.map((part, index) => parseSegment(part, index === parts.length - 1));
  const params = segments.flatMap((segment) => (segment.kind === "param" ? [segment.name] : []));
  if (new Set(params).size < params.length) throw new Error("a parameter name may stand only once in a path");
  return { methods: [...new Set(methods)], path, segments, params };
}

function parseSegment(part: string, last: boolean): PatternSegment {
  if (part === "*") {
    if (!last) throw new Error("* may only be the last segment");
    return { kind: "rest" };
  }
  if (part.startsWith(":")) {
    const name = part.slice(1);
    if (!paramName.test(name)) throw new Error(`":${name}" is not a parameter name (letters, digits, underscore)`);
    return { kind: "param", name };
  }
  if (part === "" && !last) throw new Error("a path has no empty segments");
  if (part === "." || part === "..") throw new Error("a path has no dot segments");
  if (!literal.test(part)) throw new Error(`"${part}" has characters that a canonical path never has`);
  return { kind: "text", text: part };
}

/** How two patterns of the same method relate, seen from the first. */
export type Relation = "disjoint" | "same" | "narrower" | "wider" | "crossing";

/**
 * Compares the sets of paths of two patterns. `crossing` means that some paths match both and neither contains the
 * other: which one would serve them is a guess, so the policy has to say it.
 */
export function relate(left: Pattern, right: Pattern): Relation {
  let leftWider = false;
  let rightWider = false;
  for (let at = 0; ; at += 1) {
    const a = left.segments[at];
    const b = right.segments[at];
    if (!a && !b) break;
    if (a?.kind === "rest" && b?.kind === "rest") break;
    if (a?.kind === "rest") {
      if (!b) return "disjoint";
      leftWider = true;
      break;
    }
    if (b?.kind === "rest") {
      if (!a) return "disjoint";
      rightWider = true;
      break;
    }
    if (!a || !b) return "disjoint";
    if (a.kind === "text" && b.kind === "text") {
      if (a.text !== b.text) return "disjoint";
    } else if (a.kind === "param" && b.kind === "text") {
      if (b.text === "") return "disjoint";
      leftWider = true;
    } else if (a.kind === "text" && b.kind === "param") {
      if (a.text === "") return "disjoint";
      rightWider = true;
    }
  }
  if (leftWider && rightWider) return "crossing";
  if (leftWider) return "wider";
  return rightWider ? "narrower" : "same";
}

/** The pattern that matches just the paths which both match, for the message that asks to declare it. */
export function intersect(left: Pattern, right: Pattern): string {
  const length = Math.max(left.segments.length, right.segments.length);
  const parts: string[] = [];
  for (let at = 0; at < length; at += 1) {
    const segment = narrower(left.segments[at] ?? { kind: "rest" }, right.segments[at] ?? { kind: "rest" });
    parts.push(segment.kind === "text" ? segment.text : segment.kind === "param" ? `:${segment.name}` : "*");
  }
  return `/${parts.join("/")}`;
}

const width = { text: 0, param: 1, rest: 2 } as const;

function narrower(a: PatternSegment, b: PatternSegment): PatternSegment {
  return width[a.kind] <= width[b.kind] ? a : b;
}
