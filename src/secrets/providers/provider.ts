import type { z } from "zod";
import type { SecretReference } from "../reference.ts";
import type { Secret } from "../secret.ts";

/** A secret that its keeper takes back after a while unless it is renewed. */
export interface SecretLease {
  readonly id: string;
  readonly ttlSeconds: number;
  readonly renewable: boolean;
}

/** What reading a reference gives. Times are milliseconds since the epoch. */
export interface SecretRead {
  readonly value: Secret;
  readonly version?: string;
  readonly createdAt?: number;
  readonly expiresAt?: number;
  readonly lease?: SecretLease;
}

/** The content of a file that holds a secret, with its permission bits. */
export interface SecretFile {
  readonly content: Uint8Array;
  readonly mode: number;
}

/** What providers may use of the world: injected, so that a test needs neither a disk nor an environment. */
export interface SecretEnv {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** @throws the error of `node:fs`, with its `code` */
  readFile(path: string, abort: AbortSignal): Promise<SecretFile>;
  /** Something that works, but should not stay so. Values never stand in it. */
  warn(message: string): void;
}

/**
 * A place where secrets are kept, opened. What it cannot do is absent: a source without `write` is read-only.
 * Every method throws HeadgateError `secret-unresolved` with what is wrong and what to do.
 */
export interface SecretSource {
  read(reference: SecretReference, abort: AbortSignal): Promise<SecretRead>;
  renew?(lease: SecretLease, incrementSeconds: number, abort: AbortSignal): Promise<SecretLease>;
  revoke?(lease: SecretLease, abort: AbortSignal): Promise<void>;
  /** Writes a new version; with `expectVersion`, only where that one is still the newest. Returns the new version. */
  write?(
    reference: SecretReference,
    value: Secret,
    expectVersion: string | undefined,
    abort: AbortSignal,
  ): Promise<string>;
  /** Makes a version the one that readers get. */
  promote?(reference: SecretReference, version: string, abort: AbortSignal): Promise<void>;
}

/** One kind of place where secrets are kept. */
export interface SecretProvider<Options extends z.ZodType = z.ZodType> {
  /** kebab-case; the scheme of the references that it reads. */
  readonly name: string;
  /** How a reference to it looks, for messages. */
  readonly example: string;
  readonly options: Options;
  /** What is wrong with a reference, as far as its text tells. */
  judge(reference: SecretReference): string | undefined;
  create(options: z.output<Options>, env: SecretEnv): SecretSource;
}

/** Declares a provider; keeps the type of its options. */
export function defineProvider<Options extends z.ZodType>(provider: SecretProvider<Options>): SecretProvider<Options> {
  return provider;
}
