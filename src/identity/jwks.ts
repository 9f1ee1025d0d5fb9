import type { Algorithm } from "./algorithms.ts";
import { metadataUrl, readKeysUrl } from "./discovery.ts";
import { type FetchEnv, fetchJson } from "./fetch-json.ts";
import { type KeySet, readKeySet, retireMissing } from "./key-set.ts";
import type { KeyEvent, KeySearch, KeySource } from "./key-source.ts";
import { createUnknownKids } from "./unknown-kids.ts";

/** Keys are loaded anew this often: a key that was withdrawn lives on no longer than that. */
const refreshMs = 5 * 60_000;
/** An unknown key id makes the issuer be asked at most this often, whatever clients send. */
const floorMs = 30_000;
/** After a failure the next attempt comes after one second, then two, four, … but at least this often. */
const longestRetryMs = 60_000;
/** An issuer that cannot be reached keeps its last good keys this long, then they count as unknown. */
const longestStaleMs = 24 * 60 * 60_000;

/** Which keys to load. */
export interface RemoteKeysOptions {
  readonly issuer: string;
  readonly algorithms: readonly Algorithm[];
  /** The address of the JWK Set; found through the issuer's metadata where absent. */
  readonly jwksUri?: string | undefined;
}

/** The world as the key source sees it. */
export interface RemoteKeysEnv extends FetchEnv {
  report(event: KeyEvent): void;
}

/**
 * The keys that an issuer publishes on the network. They are refreshed in the background, never while a request with a
 * known key waits; an unknown key id asks the issuer, once for all who wait and not more often than every 30 s.
 */
export function createRemoteKeys({ issuer, algorithms, jwksUri }: RemoteKeysOptions, env: RemoteKeysEnv): KeySource {
  const { clock, report } = env;
  const stopping = new AbortController();
  const unknownKids = createUnknownKids();
  let keys: KeySet | undefined;
  let keysUrl = jwksUri;
  let loadedAt: number | undefined;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let failure: string | undefined;
  let inFlight: Promise<void> | undefined;

  /** Loads the keys, once for all who ask at the same time; never rejects. */
  function load(): Promise<void> {
    if (inFlight) return inFlight;
    attemptedAt = clock.now();
    inFlight = fetchKeys()
      .then(adopt, fail)
      .finally(() => (inFlight = undefined));
    return inFlight;
  }

  async function fetchKeys(): Promise<KeySet> {
    keysUrl ??= readKeysUrl(issuer, await fetchJson(metadataUrl(issuer), env, stopping.signal));
    return readKeySet(await fetchJson(keysUrl, env, stopping.signal), algorithms, keys);
  }

  function adopt(next: KeySet): void {
    failures = 0;
    failure = undefined;
    loadedAt = clock.now();
    const changed = keys ? retireMissing(keys, next) : true;
    keys = next;
    if (!changed) return;
    report({ event: "keys.changed", issuer, reason: [`${next.keys.length} usable`, ...next.ignored].join("; ") });
  }

  function fail(error: unknown): void {
    if (stopping.signal.aborted) return;
    failures += 1;
    failure = error instanceof Error ? error.message : String(error);
    // The issuer may have moved its keys: ask for the address again next time.
    keysUrl = jwksUri;
    report({ event: "keys.failed", issuer, reason: failure });
    if (!keys || clock.now() - (loadedAt ?? 0) < longestStaleMs) return;
    retireMissing(keys, undefined);
    keys = undefined;
    report({ event: "keys.expired", issuer, reason: "the last good keys are too old to be trusted" });
  }

  function scheduleNext(): void {
    const delay = failures === 0 ? refreshMs : Math.min(longestRetryMs, 1_000 * 2 ** (failures - 1));
    // The sleep rejects when the source is stopped: that ends the chain.
    clock.sleep(delay, stopping.signal).then(
      () => load().then(scheduleNext),
      () => undefined,
    );
  }

  function look(kid: string | undefined, algorithm: string): KeySearch {
    return keys && keys.keys.length > 0 ? keys.find(kid, algorithm) : "unreachable";
  }

  async function askIssuer(kid: string | undefined, algorithm: string): Promise<KeySearch> {
    await load();
    const found = look(kid, algorithm);
    if (found !== "unknown") return found;
    // The issuer did not answer, so the key may well exist: an honest client must not be told to sign in again.
    if (failures > 0) return "unreachable";
    if (kid !== undefined) unknownKids.add(kid, clock.now());
    return "unknown";
  }

  return {
    async start() {
      await load();
      scheduleNext();
    },
    stop: () => stopping.abort(),
    find(kid, algorithm) {
      const found = look(kid, algorithm);
      if (found !== "unknown" && found !== "unreachable") return found;
      const now = clock.now();
      if (kid !== undefined && unknownKids.has(kid, now)) return "unknown";
      if (inFlight || now - attemptedAt >= floorMs) return askIssuer(kid, algorithm);
      return failures > 0 ? "unreachable" : found;
    },
    state: () => ({
      issuer,
      ready: keys !== undefined && keys.keys.length > 0,
      keys: keys?.keys.length ?? 0,
      ignored: keys?.ignored ?? [],
      loadedAt,
      failure,
    }),
  };
}
