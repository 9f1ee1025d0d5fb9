import { type ByteRange, parseByteRange } from "./byte-range.ts";

/** What is known of the representation that would be sent. */
export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly etag: string;
  /** Whole seconds since the epoch. */
  readonly modifiedSeconds: number;
  readonly size: number;
}

/** How a request with conditions is to be answered. */
export type Selection =
  | { readonly kind: "whole" | "not-modified" | "failed" | "unsatisfiable" }
  | { readonly kind: "part"; readonly range: ByteRange };

type ReadField = (name: string) => string | undefined;

const whole = { kind: "whole" } as const;

/** Evaluates the conditions of a GET or HEAD in the order of RFC 9110 section 13.2.2, its Range last. */
export function evaluateConditions(field: ReadField, validators: Validators, method: string): Selection {
  const { etag, modifiedSeconds } = validators;
  const match = field("if-match");
  if (match !== undefined) {
    // Strong comparison: a weak tag of the client's never matches (section 13.1.1).
    if (match.trim() !== "*" && !tagsOf(match).includes(etag)) return { kind: "failed" };
  } else {
    const unmodifiedSince = readDate(field("if-unmodified-since"));
    if (unmodifiedSince !== undefined && modifiedSeconds > unmodifiedSince) return { kind: "failed" };
  }
  const noneMatch = field("if-none-match");
  if (noneMatch !== undefined) {
    const isKnown = noneMatch.trim() === "*" || tagsOf(noneMatch).some((tag) => tag === etag || tag === `W/${etag}`);
    if (isKnown) return { kind: "not-modified" };
  } else {
    const modifiedSince = readDate(field("if-modified-since"));
    if (modifiedSince !== undefined && modifiedSeconds <= modifiedSince) return { kind: "not-modified" };
  }
  return method === "GET" ? selectPart(field, validators) : whole;
}

/** A part is sent only of the very representation of which the client has the rest (section 13.1.5). */
function selectPart(field: ReadField, { etag, modifiedSeconds, size }: Validators): Selection {
  const asked = field("range");
  if (asked === undefined) return whole;
  const condition = field("if-range")?.trim();
  if (condition !== undefined && condition !== etag && readDate(condition) !== modifiedSeconds) return whole;
  const range = parseByteRange(asked, size);
  if (range === undefined) return whole;
  return range === "unsatisfiable" ? { kind: "unsatisfiable" } : { kind: "part", range };
}

function tagsOf(list: string): string[] {
  return list.split(",", 64).map((tag) => tag.trim());
}

/** Seconds since the epoch of a date as HTTP writes it today (section 5.6.7); other spellings are no condition. */
function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text.trim())) {
    return undefined;
  }
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
