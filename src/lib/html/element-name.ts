/**
 * Whether exactly that element name stands there, in either case: lower-case letters, and behind them what ends a name in
 * a tag. Undefined where the bytes end before that can be said.
 */
export function nameStandsAt(bytes: Uint8Array, from: number, name: string): boolean | undefined {
  for (let index = 0; index < name.length; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) return undefined;
    // A letter and its upper case differ in this one bit.
    if ((byte | 0x20) !== name.charCodeAt(index)) return false;
  }
  const after = bytes[from + name.length];
  if (after === undefined) return undefined;
  return (
    after === 0x3e ||
    after === 0x2f ||
    after === 0x20 ||
    after === 0x09 ||
    after === 0x0a ||
    (after >= 0x0c && after <= 0x0d)
  );
}

/** Reads those element names that anybody asks for, without making a text of every other. */
export function createNameReader(names: readonly string[]): (bytes: Uint8Array, from: number) => string | undefined {
  const byLetter: string[][] = [];
  for (const name of new Set(names)) (byLetter[name.charCodeAt(0)] ??= []).push(name);
  return (bytes, from) => byLetter[(bytes[from] ?? 0) | 0x20]?.find((name) => nameStandsAt(bytes, from, name));
}
