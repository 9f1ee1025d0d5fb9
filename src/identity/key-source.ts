import type { KeyMiss, VerifyKey } from "./key-set.ts";

/** What a search for a key ends with; `unreachable`: the keys are not known, so nothing can be said about the token. */
export type KeySearch = VerifyKey | KeyMiss | "unreachable";

/** How an issuer's keys stand, for readiness and the logs. */
export interface KeySourceState {
  readonly issuer: string;
  /** Whether tokens of this issuer can be judged. */
  readonly ready: boolean;
  readonly keys: number;
  /** Published keys that are not used, and why. */
  readonly ignored: readonly string[];
  /** Milliseconds since the epoch. */
  readonly loadedAt: number | undefined;
  /** Why the last attempt failed; absent when it did not. */
  readonly failure: string | undefined;
}

/** Something that happened to an issuer's keys. */
export interface KeyEvent {
  readonly event: "keys.changed" | "keys.failed" | "keys.expired";
  readonly issuer: string;
  readonly reason: string;
}

/** Where the keys of one issuer come from. */
export interface KeySource {
  /** Loads the keys for the first time and keeps them fresh from then on. */
  start(): Promise<void>;
  stop(): void;
  /** At once where the key is known; later where the issuer is asked first. */
  find(kid: string | undefined, algorithm: string): KeySearch | Promise<KeySearch>;
  state(): KeySourceState;
}
