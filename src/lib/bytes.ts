import { z } from "zod";
import { attempt } from "./text-option.ts";

const unitBytes: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

const accepted =
  'a whole number of bytes, or one with a unit of 1024 (kb, mb or gb), for example 65536, "64kb" or "10mb"';

/**
 * Reads a size such as `"10mb"` and returns bytes; units are powers of 1024.
 * @throws Error whose message names what is accepted
 */
export function parseBytes(size: string | number): number {
  const bytes = typeof size === "number" ? size : parseText(size);
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new Error(`${JSON.stringify(size).slice(0, 40)} is not a size. Write ${accepted}.`);
}

/** A policy value that is a size: text or a number in, bytes out. */
export const bytes = z
  .union([z.string(), z.number()], { error: `Write a size: ${accepted}.` })
  .transform((size, context) => attempt(() => parseBytes(size), size, context))
  .meta({ description: `a size: ${accepted}` });

/** A size that the policy may leave out. */
export function bytesOption(defaultSize: string | number) {
  return bytes.prefault(defaultSize);
}

function parseText(text: string): number {
  const [, count, unit] = /^(\d+)(b|kb|mb|gb)$/i.exec(text) ?? [];
  return Number(count) * (unitBytes[unit?.toLowerCase() ?? ""] ?? Number.NaN);
}
