import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Closes texts so that nobody without the key can read or change them (AES-256-GCM, a nonce of its own for each). */
export interface Seal {
  /** @param purpose what it is for: a text that was sealed for another purpose does not open */
  close(text: string, purpose: string): Uint8Array;
  /** Undefined where it was not closed by this seal, or not for that purpose. */
  open(sealed: Uint8Array, purpose: string): string | undefined;
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * A seal with the first of these keys; what was closed with one of the others still opens, so that a key can be changed.
 * Keys may be texts of any length with enough chance in them: 32 bytes are made of each.
 */
export function createSeal(keys: readonly [string | Uint8Array, ...(string | Uint8Array)[]]): Seal {
  const derived = keys.map((key) => createHash("sha256").update("headgate seal\0").update(key).digest());
  const [current] = derived;
  return {
    close(text, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, current as Buffer, nonce);
      cipher.setAAD(Buffer.from(purpose));
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, purpose) {
      if (sealed.length < nonceBytes + tagBytes) return undefined;
      for (const key of derived) {
        const text = openWith(key, sealed, purpose);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}

function openWith(key: Buffer, sealed: Uint8Array, purpose: string): string | undefined {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(purpose));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const text = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes), undefined, "utf8");
    return text + decipher.final("utf8");
  } catch {
    return undefined;
  }
}
