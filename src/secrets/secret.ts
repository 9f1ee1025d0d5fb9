import { createHash, timingSafeEqual } from "node:crypto";
import { HeadgateError } from "../lib/error.ts";

/** The fewest characters of a secret: a shorter text occurs by chance, so it could not be kept out of logs. */
export const minSecretLength = 8;

/**
 * A secret value that shows itself nowhere: printed, logged or serialised it is `[secret commerce.token]`.
 *
 * The bytes lie outside of Node's shared pool and are overwritten when the secret retires. More is not promised: what
 * `use` reveals is a string, and strings cannot be overwritten.
 */
export class Secret {
  /** What the secret is called in logs and reports. */
  readonly name: string;
  #bytes: Buffer | undefined;

  /** @throws HeadgateError `secret-unresolved` when the value is too short */
  constructor(name: string, value: string) {
    if (value.length < minSecretLength) {
      throw new HeadgateError("secret-unresolved", `The secret ${name} has fewer than ${minSecretLength} characters.`);
    }
    this.name = name;
    this.#bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(value));
    this.#bytes.write(value);
  }

  /** Hands the value to `use` and returns what that returns: the one way out. */
  use<Result>(use: (value: string) => Result): Result {
    return use(this.#alive().toString());
  }

  /** Whether both hold the same value; takes the same time wherever they differ. */
  equals(other: Secret | string): boolean {
    const bytes = typeof other === "string" ? Buffer.from(other) : other.#alive();
    return timingSafeEqual(digest(this.#alive()), digest(bytes));
  }

  /** Overwrites the value; the secret cannot be used afterwards. */
  retire(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return `[secret ${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  // The key that util.inspect, and so console.log, asks for; by its registered symbol to need no import.
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  #alive(): Buffer {
    if (!this.#bytes) throw new HeadgateError("secret-unresolved", `The secret ${this.name} is retired.`);
    return this.#bytes;
  }
}

/** Digests have one length, so comparing them does not tell the lengths of the values. */
function digest(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
