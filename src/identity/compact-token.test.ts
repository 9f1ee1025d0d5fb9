import { base64url } from "jose";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCompactToken } from "./compact-token.ts";

const header = "eyJhbGciOiJFUzI1NiJ9";
const claims = "eyJzdWIiOiJhbGljZSJ9";

const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

test("takes a token apart without believing it", () => {
  expect(readCompactToken(`${header}.${claims}.AAAA`)).toEqual({
    kind: "unverified",
    header: { alg: "ES256" },
    claims: { sub: "alice" },
  });
});

test("accepts a segment exactly when decoding and encoding gives it back", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...alphabet, "=", "+", "/", " "), minLength: 1, maxLength: 12 }),
      (segment) => {
        const accepted = readCompactToken(`${header}.${claims}.${segment}`).kind === "unverified";
        expect(accepted).toBe(reencode(segment) === segment);
      },
    ),
  );
});

test("accepts every byte string in its canonical spelling", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
      expect(readCompactToken(`${header}.${claims}.${base64url.encode(bytes)}`).kind).toBe("unverified");
    }),
  );
});

test("answers every text, however odd, without throwing", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 5 }), (segments) => {
      expect(["refused", "unverified"]).toContain(readCompactToken(segments.join(".")).kind);
    }),
  );
});

test("refuses claims that are not UTF-8, which two parsers could read differently", () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('{"sub":"'), 0xff, ...new TextEncoder().encode('"}')]);
  expect(readCompactToken(`${header}.${base64url.encode(bytes)}.AAAA`)).toMatchObject({
    reason: "the token's claims are not a JSON object",
  });
});

function reencode(segment: string): string | undefined {
  try {
    return base64url.encode(base64url.decode(segment));
  } catch {
    return undefined;
  }
}
