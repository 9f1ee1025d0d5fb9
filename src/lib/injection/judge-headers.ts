import type { Finding, TextJudge } from "./judge-text.ts";

/** What was found, and in which header. */
export interface HeaderFinding extends Finding {
  /** The name of the header: one that the gateway or the policy knows. */
  readonly name: string;
}

/** Headers that the gateway itself has written, and those that only machines write. */
const ownHeaders: ReadonlySet<string> = new Set([
  "content-length",
  "host",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-request-id",
]);

/** Few values make up nearly all headers: what browsers call themselves and what they accept. */
const maxKnown = 128;
const maxKnownLength = 300;

/**
 * A judge of flat headers. Values that were harmless are remembered, the same few come with every request; cookies are
 * judged one by one, since one header holds the values of many programs.
 */
export function createHeaderJudge(judge: TextJudge): (flat: readonly string[]) => HeaderFinding | undefined {
  const harmless = new Set<string>();

  function judgeValue(value: string): Finding | undefined {
    if (harmless.has(value)) return undefined;
    const found = judge.judge(value, "typed");
    if (found || value.length > maxKnownLength) return found;
    if (harmless.size >= maxKnown) harmless.clear();
    harmless.add(value);
    return undefined;
  }

  return (flat) => {
    for (let at = 0; at < flat.length; at += 2) {
      const name = flat[at] ?? "";
      if (ownHeaders.has(name)) continue;
      const value = flat[at + 1] ?? "";
      const found = name === "cookie" ? judgeCookies(value, judge) : judgeValue(value);
      if (found) return { ...found, name };
    }
    return undefined;
  };
}

function judgeCookies(cookies: string, judge: TextJudge): Finding | undefined {
  for (const pair of cookies.split(";")) {
    const equals = pair.indexOf("=");
    const found =
      judge.judge(unquote(pair.slice(equals + 1).trim()), "typed") ??
      judge.judge(pair.slice(0, equals).trim(), "typed");
    if (found) return found;
  }
  return undefined;
}

/** A value in quotation marks (RFC 6265 section 4.1.1) is the value without them. */
function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
