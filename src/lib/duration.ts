import { textOption } from "./text-option.ts";

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const accepted = 'a whole number and a unit (ms, s, min, h or d), for example "250ms", "5s" or "7d"';

/**
 * Reads a span of time such as `"5s"` and returns milliseconds.
 * @throws Error whose message names what is accepted
 */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|min|m|h|d)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (unitMs[unit ?? ""] ?? Number.NaN);
  if (!Number.isSafeInteger(milliseconds)) throw new Error(`${quote(text)} is not a duration. Write ${accepted}.`);
  return milliseconds;
}

/** The text of a span of time in the largest unit that divides it: the way back from `parseDuration`. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ["d", "h", "min", "s"]) {
    const size = unitMs[unit] ?? 1;
    if (milliseconds > 0 && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}

/** A policy value that is a duration: text in, milliseconds out. */
export const duration = textOption(parseDuration, `a duration: ${accepted}`);

/** A duration that the policy may leave out. */
export function durationOption(defaultText: string) {
  return duration.prefault(defaultText);
}

/** An author's text inside a message: quoted and of bounded length. */
function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
