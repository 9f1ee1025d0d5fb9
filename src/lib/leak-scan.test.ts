import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../secrets/redact.ts";
import { Secret } from "../secrets/secret.ts";
import { createLeakScanner, type Leak } from "./leak-scan.ts";
import { tokenFormats } from "./token-formats.ts";

const value = "tok_9f8e7d6c5b4a/+x";
const scanner = createLeakScanner(createRedactor([new Secret("commerce.token", value)]), tokenFormats);
const encoder = new TextEncoder();
const cfpat = `CFPAT-${"aB3dE5fG7hI9jK1lM".repeat(3).slice(0, 43)}`;

/** Sends a text in parts; what came out and what was found. */
function send(text: string, cuts: readonly number[]): { readonly out: string; readonly leak: Leak | undefined } {
  const bytes = encoder.encode(text);
  const stream = scanner.begin(() => {});
  const out: Uint8Array[] = [];
  const bounds = [0, ...[...cuts].filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
  for (const [index, end] of bounds.slice(1).entries()) {
    const sent = stream.push(bytes.subarray(bounds[index], end));
    if (!(sent instanceof Uint8Array)) return { out: Buffer.concat(out).toString(), leak: sent };
    out.push(Uint8Array.from(sent));
  }
  const last = stream.finish();
  if (!(last instanceof Uint8Array)) return { out: Buffer.concat(out).toString(), leak: last };
  return { out: Buffer.concat([...out, last]).toString(), leak: undefined };
}

const critical = tokenFormats.filter((format) => format.class === "critical");
const leaks: readonly (readonly [string, string])[] = [
  ["a secret", value],
  ["a secret in base64", Buffer.from(`api:${value}`).toString("base64")],
  ["a secret in a URL", encodeURIComponent(value)],
  ...critical.map(({ name, found }) => [name, found[0] ?? ""] as const),
];

describe.each(leaks)("%s", (_, leak) => {
  test("is found whole", () => expect(scanner.scan(encoder.encode(`{"a":"${leak}"}`), () => {})).toBeDefined());

  test("is found in a stream that is cut anywhere, before it is complete", () => {
    const text = `<p>before ${leak} after</p>`;
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { out, leak: found } = send(text, [cut]);
      expect(found, `cut at ${cut}`).toBeDefined();
      expect(out).not.toContain(leak);
      expect(text.startsWith(out)).toBe(true);
    }
  });

  test("is found in a stream that comes byte by byte", () => {
    const text = `<p>before ${leak} after</p>`;
    const { out, leak: found } = send(
      text,
      Array.from(text, (_, at) => at),
    );
    expect(found).toBeDefined();
    expect(out).not.toContain(leak);
  });
});

test("of a secret not even the beginning leaves a stream", () => {
  for (let cut = 8; cut < 8 + value.length; cut += 1) expect(send(`before: ${value}`, [cut]).out).toBe("before: ");
});

test("of a token with its own beginning not even that leaves", () => {
  for (let cut = 8; cut <= 8 + cfpat.length; cut += 1) {
    expect(send(`before: ${cfpat} `, [cut]).out).toBe("before: ");
  }
});

test("what holds nothing passes byte for byte, however it is cut", () => {
  const piece = fc.constantFrom(
    "tok_9f8e",
    "CFPAT-",
    "ghp_",
    "0123456789abcdef",
    ":",
    "sk_live_",
    "é",
    "\n",
    "-----BEGIN ",
    "x",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.array(fc.nat({ max: 400 }), { maxLength: 12 }),
      (pieces, cuts) => {
        const text = pieces.join("");
        if (scanner.scan(encoder.encode(text), () => {})) return;
        expect(send(text, cuts)).toEqual({ out: text, leak: undefined });
      },
    ),
    { numRuns: 1000 },
  );
});

test("what looks like a token only where it is cut passes", () => {
  const text = `CFPAT-${"0123456789abcdef".repeat(6)} behind`;
  for (let cut = 0; cut <= text.length; cut += 1) expect(send(text, [cut])).toEqual({ out: text, leak: undefined });
});

test("formats of other classes are noticed and pass", () => {
  const noticed: string[] = [];
  const leak = scanner.scan(encoder.encode("AKIAIOSFODNN7EXAMPLE"), ({ name }) => void noticed.push(name));
  expect([leak, noticed]).toEqual([undefined, ["aws-access-key-id"]]);
});

test.each([
  ["triggers", "ghp_".repeat(250_000)],
  ["beginnings of keys", "-----BEGIN ".repeat(90_000)],
  ["contexts", "contentful ".repeat(90_000)],
  ["long contexts", "strapi sanity storyblok application_password ".repeat(22_000)],
  ["hex digits", "0f".repeat(500_000)],
  ["runs of hex digits", `${"0f".repeat(600)} `.repeat(830)],
  ["beginnings of tokens", "eyJhbGciOi".repeat(100_000)],
  ["nearly the secret", value.slice(0, -1).repeat(55_000)],
])("a megabyte of %s takes time in proportion", (_, text) => {
  const bytes = encoder.encode(text);
  const start = performance.now();
  scanner.scan(bytes, () => {});
  // Each costs well under a tenth of a second; anything that is not linear would take minutes.
  expect(performance.now() - start).toBeLessThan(4000);
});
