import { type AttackClass, everywhere } from "../attack-class.ts";
import { trait } from "../traits.ts";

/** A line that is a header field, of HTTP or of mail, with nothing before it but a line break. */
const field =
  /[\r\n][ \t]{0,4}(?:set-cookie|location|content-(?:type|length|disposition|encoding|security-policy)|transfer-encoding|access-control-[a-z-]{1,40}|cookie|host|authorization|x-[a-z][a-z-]{0,40}|refresh|link|status|bcc|cc|to|from|subject|reply-to|mime-version|http\/1\.[01])(?:[ \t]{0,4}:| \d{3})/i;
/** Those of them that nobody quotes from a request or a mail without more around it. */
const quotedField =
  /[\r\n]\s{0,4}(?:set-cookie|location|transfer-encoding|content-length|x-injected|bcc|refresh)\s{0,4}:/i;
const startsWithField = /\r\n\s{0,4}[a-z][a-z-]{2,40}:\s/i;
const splits = /\r\n\r\n|\n\nHTTP\/1/;
/** A line that looks as if the log had written it. */
const logLine =
  /[\r\n]\s{0,4}(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|CRITICAL)\b\]?\s{0,4}[:\s-]|\{"level":)/;
/** Bytes of characters beyond Latin-1 that servers cut down to a carriage return and a line feed. */
const narrowed = /[\u560d\u570d\u580d\u590d\u5a0d][\s\S]{0,2}[\w-]{2,40}:|\u560a\u560d/;
/** What moves the cursor of the terminal in which a log is read, or ends a text in a language that counts zero bytes. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]|\u001b[[\]P^_]/;

/** Line breaks and control characters that begin another header field or another line of the log. */
export const header: AttackClass = {
  name: "header",
  summary: "Ends a header field, a line of mail or a line of the log, and begins another.",
  stops: ["CWE-93", "CWE-113", "CWE-117", "CWE-150", "CWE-626"],
  places: everywhere,
  suspects: (traits) => (traits & (trait.lineBreak | trait.control | trait.beyondAscii)) !== 0,
  judge({ text, traits, profile, isDecoded }) {
    let score = 0;
    // An article about terminals writes escapes; only who sends the character itself means it.
    if (traits & trait.control && (profile === "typed" || !isDecoded) && control.test(text)) score += 5;
    if (traits & trait.beyondAscii && narrowed.test(text)) score += 5;
    if ((traits & trait.lineBreak) === 0) return score;
    // People's own words have lines, and a mail that is quoted has fields.
    const isShort = profile === "typed" || text.length <= 120;
    if (
      isShort &&
      (profile === "typed" ? field : quotedField).test(text) &&
      (profile === "typed" || !/^\w+: /.test(text))
    )
      score += 5;
    else if (profile === "typed" && (startsWithField.test(text) || splits.test(text))) score += 5;
    if (isShort && logLine.test(text) && (profile === "typed" || !/^\[/.test(text))) score += 5;
    return score;
  },
  found: [
    "x\r\nSet-Cookie: a=b",
    "x\nLocation: /",
    "Eve\nBcc: a@b.example",
    "x\n[2026-01-01 10:00:00] INFO ok",
    "a\u0000b",
    "\u001b[2J",
  ],
  spared: ["Line one\nline two: it is", "Dear Sir,\n\nHello", "a\tb", "Notes:\n- to do", "Kind regards\nEve"],
};
