import { exportJWK, generateKeyPair } from "jose";
import { expect, test } from "vitest";
import { type FakeClock, fakeClock } from "../../test/support/clock.ts";
import { createRemoteKeys } from "./jwks.ts";
import type { VerifyKey } from "./key-set.ts";
import type { KeyEvent, KeySource } from "./key-source.ts";

const issuer = "https://id.example";
const metadataUrl = "https://id.example/.well-known/openid-configuration";
const keysUrl = "https://id.example/oauth/keys";

const spring = await newJwk("spring");
const summer = await newJwk("summer");

async function newJwk(kid: string): Promise<Record<string, unknown>> {
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, use: "sig" };
}

/** An issuer that exists in this test only: what it publishes, whether it answers, and what it was asked. */
interface FakeIssuer {
  readonly clock: FakeClock;
  readonly source: KeySource;
  readonly asked: string[];
  readonly events: KeyEvent[];
  /** The next event, once it happens. */
  nextEvent(): Promise<KeyEvent>;
  keys: readonly unknown[];
  /** In place of the usual answer, for one address. */
  readonly answers: Map<string, () => Response | Promise<Response>>;
  down: boolean;
}

function fakeIssuer({ jwksUri }: { jwksUri?: string } = { jwksUri: keysUrl }): FakeIssuer {
  const clock = fakeClock();
  const waiting: ((event: KeyEvent) => void)[] = [];

  async function answer(input: RequestInfo | URL): Promise<Response> {
    const url = String(input);
    fake.asked.push(url);
    if (fake.down) throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    const special = fake.answers.get(url);
    if (special) return special();
    return url === metadataUrl ? Response.json({ issuer, jwks_uri: keysUrl }) : Response.json({ keys: fake.keys });
  }

  function report(event: KeyEvent): void {
    fake.events.push(event);
    for (const resolve of waiting.splice(0)) resolve(event);
  }

  const fake: FakeIssuer = {
    clock,
    source: createRemoteKeys({ issuer, algorithms: ["ES256", "RS256"], jwksUri }, { clock, fetch: answer, report }),
    asked: [],
    events: [],
    nextEvent: () => new Promise((resolve) => waiting.push(resolve)),
    keys: [spring],
    answers: new Map(),
    down: false,
  };
  return fake;
}

/** The key that is known right now, without asking anybody. */
function known(source: KeySource, kid: string): VerifyKey {
  const found = source.find(kid, "ES256");
  if (typeof found === "string" || found instanceof Promise) throw new Error(`${kid} is not known`);
  return found;
}

test("finds the keys through the issuer's metadata", async () => {
  const fake = fakeIssuer({});
  await fake.source.start();
  expect(fake.asked).toEqual([metadataUrl, keysUrl]);
  expect(known(fake.source, "spring").algorithm).toBe("ES256");
  expect(fake.source.state()).toEqual({
    issuer,
    ready: true,
    keys: 1,
    ignored: [],
    loadedAt: fake.clock.now(),
    failure: undefined,
  });
});

test("asks for the keys alone where the policy says where they are", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  expect(fake.asked).toEqual([keysUrl]);
});

test("refreshes in the background while known keys are given out at once", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  fake.keys = [spring, summer];
  const changed = fake.nextEvent();
  await fake.clock.advance(5 * 60_000);
  expect(known(fake.source, "spring").retired).toBe(false);
  expect(await changed).toMatchObject({ event: "keys.changed", reason: "2 usable" });
  expect(known(fake.source, "summer").retired).toBe(false);
  expect(fake.asked).toHaveLength(2);
});

test("follows a rotation: a new kid is fetched, a withdrawn key is retired, a kept key stays the same", async () => {
  const fake = fakeIssuer();
  fake.keys = [spring, { ...summer, kid: "kept" }];
  await fake.source.start();
  const withdrawn = known(fake.source, "spring");
  const kept = known(fake.source, "kept");
  fake.keys = [summer, { ...summer, kid: "kept" }];
  await fake.clock.advance(30_000);
  expect(await fake.source.find("summer", "ES256")).toMatchObject({ kid: "summer", retired: false });
  expect(withdrawn.retired).toBe(true);
  expect(kept.retired).toBe(false);
  expect(known(fake.source, "kept")).toBe(kept);
});

test("treats a key that changed under the same kid as another key", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  const before = known(fake.source, "spring");
  fake.keys = [{ ...summer, kid: "spring" }];
  const changed = fake.nextEvent();
  await fake.clock.advance(5 * 60_000);
  await changed;
  expect(before.retired).toBe(true);
  expect(known(fake.source, "spring")).not.toBe(before);
});

test("asks the issuer about unknown kids at most every 30 s, whatever clients send", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  for (let second = 0; second < 29; second += 1) {
    await fake.clock.advance(1_000);
    expect(await fake.source.find(`made-up-${second}`, "ES256")).toBe("unknown");
  }
  expect(fake.asked).toHaveLength(1);
  await fake.clock.advance(1_000);
  expect(await fake.source.find("made-up-30", "ES256")).toBe("unknown");
  expect(fake.asked).toHaveLength(2);
  expect(await fake.source.find("made-up-31", "ES256")).toBe("unknown");
  expect(fake.asked).toHaveLength(2);
});

test("does not ask about the same unknown kid again for a minute", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  await fake.clock.advance(30_000);
  expect(await fake.source.find("summer", "ES256")).toBe("unknown");
  fake.keys = [spring, summer];
  await fake.clock.advance(59_999);
  expect(fake.source.find("summer", "ES256")).toBe("unknown");
  expect(fake.asked).toHaveLength(2);
  await fake.clock.advance(1);
  expect(await fake.source.find("summer", "ES256")).toMatchObject({ kid: "summer" });
  expect(fake.asked).toHaveLength(3);
});

test("finds a kid that was unknown as soon as it is published, whoever had the issuer asked", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  await fake.clock.advance(30_000);
  expect(await fake.source.find("summer", "ES256")).toBe("unknown");
  fake.keys = [spring, summer];
  await fake.clock.advance(30_000);
  expect(await fake.source.find("made-up", "ES256")).toBe("unknown");
  expect(known(fake.source, "summer").retired).toBe(false);
});

test("calls a new kid undecided when the issuer cannot be asked about it", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  await fake.clock.advance(30_000);
  fake.down = true;
  expect(await fake.source.find("summer", "ES256")).toBe("unreachable");
  expect(fake.asked).toHaveLength(2);
});

test("does not ask when a known kid is used with an algorithm that its key is not for", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  await fake.clock.advance(31_000);
  expect(fake.source.find("spring", "RS256")).toBe("unfit");
  expect(fake.asked).toHaveLength(1);
});

test("asks once for a hundred requests that wait for the same new key", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  fake.keys = [spring, summer];
  await fake.clock.advance(30_000);
  const found = await Promise.all(Array.from({ length: 100 }, () => fake.source.find("summer", "ES256")));
  expect(new Set(found).size).toBe(1);
  expect(found[0]).toMatchObject({ kid: "summer" });
  expect(fake.asked).toHaveLength(2);
});

test("keeps the last good keys while the issuer is down, and calls a new kid undecided, not wrong", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  fake.down = true;
  await fake.clock.advance(6 * 60_000);
  expect(fake.source.state()).toMatchObject({
    ready: true,
    failure: `${keysUrl}: fetch failed (connect ECONNREFUSED)`,
  });
  expect(known(fake.source, "spring").retired).toBe(false);
  expect(await fake.source.find("summer", "ES256")).toBe("unreachable");
});

test("keeps the last good keys when the issuer answers nonsense", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  fake.answers.set(keysUrl, () => Response.json({ error: "maintenance" }));
  await fake.clock.advance(5 * 60_000);
  expect(fake.events.at(-1)).toMatchObject({ event: "keys.failed", reason: "the document is not a JWK Set" });
  expect(known(fake.source, "spring").retired).toBe(false);
});

test("trusts stale keys for a day and no longer", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  const key = known(fake.source, "spring");
  fake.down = true;
  await fake.clock.advance(23 * 60 * 60_000);
  expect(key.retired).toBe(false);
  await fake.clock.advance(60 * 60_000 + 60_000);
  expect(key.retired).toBe(true);
  expect(fake.events).toContainEqual(expect.objectContaining({ event: "keys.expired" }));
  expect(fake.source.state()).toMatchObject({ ready: false, keys: 0 });
  expect(await fake.source.find("spring", "ES256")).toBe("unreachable");
});

test("starts without keys when the issuer is down, decides nothing, and recovers by itself", async () => {
  const fake = fakeIssuer();
  fake.down = true;
  await fake.source.start();
  expect(fake.source.state()).toMatchObject({ ready: false, keys: 0, loadedAt: undefined });
  expect(fake.source.find("spring", "ES256")).toBe("unreachable");
  expect(fake.asked).toHaveLength(1);
  fake.down = false;
  const changed = fake.nextEvent();
  await fake.clock.advance(1_000);
  await changed;
  expect(known(fake.source, "spring").retired).toBe(false);
});

test("waits longer after each failure, up to a minute", async () => {
  const fake = fakeIssuer();
  fake.down = true;
  await fake.source.start();
  await fake.clock.advance(1_000 + 2_000 + 4_000 + 8_000 + 16_000 + 32_000);
  expect(fake.asked).toHaveLength(7);
  await fake.clock.advance(10 * 60_000);
  expect(fake.asked).toHaveLength(17);
});

test("an issuer that publishes no usable key leaves its tokens undecided", async () => {
  const fake = fakeIssuer();
  fake.keys = [];
  await fake.source.start();
  expect(fake.source.state()).toMatchObject({ ready: false, keys: 0 });
  expect(fake.source.find("spring", "ES256")).toBe("unreachable");
});

test("asks for the address of the keys again after a failure", async () => {
  const fake = fakeIssuer({});
  fake.answers.set(keysUrl, () => new Response("gone", { status: 410 }));
  await fake.source.start();
  await fake.clock.advance(1_000);
  expect(fake.asked).toEqual([metadataUrl, keysUrl, metadataUrl, keysUrl]);
});

test("sleeps no more once it is stopped", async () => {
  const fake = fakeIssuer();
  await fake.source.start();
  expect(fake.clock.sleepers).toBe(1);
  fake.source.stop();
  await fake.clock.advance(60 * 60_000);
  expect(fake.clock.sleepers).toBe(0);
  expect(fake.asked).toHaveLength(1);
});

test.each<{ name: string; url: string; answer: () => Response; failure: RegExp }>([
  { name: "the keys", url: keysUrl, answer: () => Response.json({ keys: {} }), failure: /is not a JWK Set$/ },
  { name: "the metadata", url: metadataUrl, answer: () => Response.json({ issuer }), failure: /has no jwks_uri$/ },
])("reports what was wrong with $name, and holds no keys", async ({ url, answer, failure }) => {
  const fake = fakeIssuer({});
  fake.answers.set(url, answer);
  await fake.source.start();
  expect(fake.source.state()).toMatchObject({ ready: false, failure: expect.stringMatching(failure) });
  expect(fake.events).toEqual([{ event: "keys.failed", issuer, reason: fake.source.state().failure }]);
});

test("gives up after 5 s on an issuer that never answers", async () => {
  const fake = fakeIssuer();
  fake.answers.set(keysUrl, () => new Promise<Response>(() => undefined));
  const started = fake.source.start();
  await fake.clock.advance(5_000);
  await started;
  expect(fake.source.state().failure).toBe(`${keysUrl}: no complete answer within 5 s`);
});
