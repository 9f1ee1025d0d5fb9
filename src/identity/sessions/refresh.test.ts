import { describe, expect, test } from "vitest";
import { fakeClock } from "../../../test/support/exchange.ts";
import { HeadgateError } from "../../lib/error.ts";
import { createKeeper } from "./keeper.ts";
import { type Provider, RefusedSignIn } from "./provider.ts";
import { createFreshTokens } from "./refresh.ts";
import type { Session, SessionTokens } from "./session.ts";
import { createMemoryStore } from "./store.ts";

/** A provider that does what the test says; a real one stands behind `test/gateway/sessions.test.ts`. */
function start(refresh: (token: string) => Promise<SessionTokens>, expiresIn: number, withRefresh = true) {
  const clock = fakeClock();
  const keeper = createKeeper(createMemoryStore(10));
  const asked: string[] = [];
  const provider = {
    refresh(token: string) {
      asked.push(token);
      return refresh(token);
    },
  } as unknown as Provider;
  const accessExpiresAt = clock.now() + expiresIn;
  const tokens = { access: "first", accessExpiresAt, refresh: withRefresh ? "r1" : undefined };
  const session: Session = {
    key: "k",
    handle: "h",
    issuer: "i",
    subject: "s",
    sid: undefined,
    signIn: { authTime: 0, acr: undefined, amr: [] },
    createdAt: clock.now(),
    lastSeenAt: clock.now(),
    device: "",
    sealed: keeper.closeTokens({ key: "k" }, tokens),
    accessExpiresAt,
  };
  keeper.store.put(session);
  return { clock, keeper, asked, session, fresh: createFreshTokens(keeper, provider, clock) };
}

const second = (clock: { now(): number }): SessionTokens => ({
  access: "second",
  accessExpiresAt: clock.now() + 3_600_000,
  refresh: "r2",
});

describe("tokens of a session", () => {
  test("are given as they are while there is time", () => {
    const { fresh, session, asked } = start(() => Promise.reject(new Error("not asked")), 31_000);
    expect(fresh.of(session)).toMatchObject({ access: "first" });
    expect(asked).toEqual([]);
  });

  test("are renewed in the background shortly before their end, and nobody waits", async () => {
    const { fresh, session, asked, keeper, clock } = start(async () => second(clock), 29_000);
    expect(fresh.of(session)).toMatchObject({ access: "first" });
    await Promise.all(keeper.refreshing.values());
    expect(fresh.of(session)).toMatchObject({ access: "second", refresh: "r2" });
    expect(asked).toEqual(["r1"]);
  });

  test("are renewed once at their end, for all who wait", async () => {
    const { fresh, session, asked, clock } = start(async () => second(clock), -1);
    const all = await Promise.all(Array.from({ length: 100 }, () => fresh.of(session)));
    expect(new Set(all.map((one) => one?.access))).toEqual(new Set(["second"]));
    expect(asked).toEqual(["r1"]);
  });

  test("of a session that is over are none: the provider said no, and it is forgotten", async () => {
    const { fresh, session, keeper } = start(() => Promise.reject(new RefusedSignIn("invalid_grant")), -1);
    expect(await fresh.of(session)).toBeUndefined();
    expect(keeper.store.size).toBe(0);
  });

  test("cannot be had while the provider is away, and the session stays", async () => {
    const away = () => Promise.reject(new HeadgateError("upstream-unreachable", "away"));
    const { fresh, session, keeper } = start(away, -1);
    await expect(fresh.of(session)).rejects.toThrow("away");
    expect([keeper.store.size, keeper.refreshing.size]).toEqual([1, 0]);
    const early = start(away, 10_000);
    expect(early.fresh.of(early.session)).toMatchObject({ access: "first" });
  });

  test("without a refresh token serve to their end, and no longer", () => {
    expect(start(() => Promise.reject(), 1, false)).toSatisfy(({ fresh, session }) => fresh.of(session) !== undefined);
    const { fresh, session, keeper } = start(() => Promise.reject(), -1, false);
    expect([fresh.of(session), keeper.store.size]).toEqual([undefined, 0]);
  });

  test("that arrive after a sign-out are not kept", async () => {
    const { promise, resolve } = Promise.withResolvers<SessionTokens>();
    const { fresh, session, keeper, clock } = start(() => promise, -1);
    const waiting = fresh.of(session);
    keeper.store.delete(session.key);
    resolve(second(clock));
    expect(await waiting).toBeUndefined();
    expect(keeper.store.size).toBe(0);
  });

  test("that another key closed open for nobody", () => {
    const { fresh, session, keeper } = start(() => Promise.reject(), 60_000);
    session.sealed = createKeeper(createMemoryStore(1)).closeTokens(session, {
      access: "x",
      accessExpiresAt: 9,
      refresh: undefined,
    });
    expect([fresh.of(session), keeper.store.size]).toEqual([undefined, 0]);
  });
});
