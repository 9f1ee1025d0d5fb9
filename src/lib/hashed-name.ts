/** The part before the ending that bundlers make of the content: `index-BkR3sVxZ.js`, `main.1f0c9ab2.css`. */
const lastPart = /[._-]([A-Za-z0-9_-]{8,64})\.[a-z0-9]{1,8}$/;
const hex = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,64}$/;
const upper = /^(?=.*\d)(?=.*[A-Z])[0-9A-Z]{8}$/;
const mixed = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z_-]{8}$/;
/** What people write: a word, perhaps with a number behind it. */
const word = /^[A-Z]?[a-z]*[A-Z]*\d*$/;

/**
 * Whether a file's name carries a hash of its content, so that another content has another name. In doubt it does not:
 * a file wrongly taken for immutable stays old in browsers for a year, one wrongly asked for costs a 304.
 */
export function isHashedName(name: string): boolean {
  const part = lastPart.exec(name)?.[1];
  if (part === undefined) return false;
  // The separator may be one of the hash's own characters, so what follows the last one is looked at, too.
  const tail = /[A-Za-z0-9]+$/.exec(part)?.[0] ?? "";
  return [part, part.slice(-8), tail].some(
    (text) => hex.test(text) || ((upper.test(text) || mixed.test(text)) && !word.test(text)),
  );
}
