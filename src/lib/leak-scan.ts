import { createByteFinder } from "./byte-finder.ts";
import type { TokenFormat } from "./token-format.ts";
import { createTokenScanner } from "./token-scan.ts";

/** What knows secret values without showing them. */
export interface SecretFinder {
  findIn(bytes: Uint8Array): string | undefined;
  beginningAtEnd(bytes: Uint8Array): number;
}

/** Something that must not leave, by its name; never by its value. */
export interface Leak {
  readonly kind: "secret" | "token" | "text";
  readonly name: string;
}

/** Judges bytes that leave, whole or as they come. */
export interface LeakScanner {
  /** The first thing in the bytes that must not leave; what may leave but is worth a word goes to `notice`. */
  scan(bytes: Uint8Array, notice: (format: TokenFormat) => void): Leak | undefined;
  /** Begins a stream. */
  begin(notice: (format: TokenFormat) => void): LeakStream;
}

/** One stream under judgement. */
export interface LeakStream {
  /** Takes the next bytes; gives back what may go, which ends where something may have begun, or the leak. */
  push(bytes: Uint8Array): Uint8Array | Leak;
  /** What was kept back, or the leak, when nothing comes any more. */
  finish(): Uint8Array | Leak;
  /** How many bytes are kept back. */
  readonly held: number;
}

/** Bytes that have left already and are looked at again together with those that follow. */
const overlapBytes = 128;
const nothing = new Uint8Array();

/**
 * Makes a scanner for the values of secrets, for token formats and for further texts. Formats of class `critical` must not leave; formats of
 * other classes are noticed.
 */
export function createLeakScanner(
  secrets: SecretFinder,
  formats: readonly TokenFormat[],
  texts: readonly string[] = [],
): LeakScanner {
  const further = createByteFinder(texts);
  const tokens = createTokenScanner(formats);

  function scan(bytes: Uint8Array, notice: (format: TokenFormat) => void, follows: boolean): Leak | undefined {
    const secret = secrets.findIn(bytes);
    if (secret !== undefined) return { kind: "secret", name: secret };
    if (further.search(bytes, () => true)) return { kind: "text", name: "text" };
    let leak: Leak | undefined;
    tokens.scan(
      bytes,
      (format) => {
        if (format.class !== "critical") {
          notice(format);
          return false;
        }
        leak = { kind: "token", name: format.name };
        return true;
      },
      follows,
    );
    return leak;
  }

  return {
    scan: (bytes, notice) => scan(bytes, notice, false),
    begin(notice) {
      // What left already, and behind it what was kept back.
      let left = nothing;
      let held = nothing;
      const judge = (bytes: Uint8Array, isLast: boolean): Uint8Array | Leak => {
        const all = left.length + held.length === 0 ? bytes : join(left, held, bytes);
        const leak = scan(all, notice, !isLast);
        if (leak) return leak;
        const fresh = all.subarray(left.length);
        const open = isLast
          ? 0
          : Math.min(
              fresh.length,
              Math.max(secrets.beginningAtEnd(all), further.beginningAtEnd(all), tokens.openAtEnd(all)),
            );
        const end = all.length - open;
        const going = all.subarray(left.length, end);
        left = all.slice(Math.max(0, end - overlapBytes), end);
        held = all.slice(end);
        return going;
      };
      return {
        push: (bytes) => judge(bytes, false),
        finish: () => judge(nothing, true),
        get held() {
          return held.length;
        },
      };
    },
  };
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
