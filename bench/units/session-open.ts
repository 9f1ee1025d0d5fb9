import { anonymous } from "../../src/guards/contract/exchange.ts";
import { HeaderList } from "../../src/lib/header-list.ts";
import { createCurrentSession } from "../../src/identity/sessions/current.ts";
import { createKeeper, createSessionId, keyOf } from "../../src/identity/sessions/keeper.ts";
import type { Provider } from "../../src/identity/sessions/provider.ts";
import { createFreshTokens } from "../../src/identity/sessions/refresh.ts";
import { createSessionAuthenticator } from "../../src/identity/sessions/session-authenticator.ts";
import { createMemoryStore } from "../../src/identity/sessions/store.ts";
import type { UnitCost } from "../unit.ts";

const access = `eyJ${"a".repeat(900)}`;

/** A cookie taken for its token: found among 10,000 sessions, opened, and hidden from the upstream. */
export const sessionOpen: UnitCost = {
  name: "session-open",
  title: "a session found by its cookie among 10,000, with its token; every eighth call opens the seal",
  limitMicros: 15,
  async prepare() {
    const clock = { now: () => 1_800_000_000_000, sleep: () => Promise.resolve() };
    const keeper = createKeeper(createMemoryStore(20_000));
    const ids = Array.from({ length: 10_000 }, () => createSessionId());
    for (const id of ids) {
      const key = keyOf(id);
      const accessExpiresAt = clock.now() + 3_600_000;
      keeper.store.put({
        key,
        handle: id.slice(0, 12),
        issuer: "https://id.example",
        subject: id.slice(0, 8),
        sid: undefined,
        signIn: { authTime: 1_800_000_000, acr: undefined, amr: ["pwd"] },
        createdAt: clock.now(),
        lastSeenAt: clock.now(),
        device: "Firefox on Linux",
        sealed: keeper.closeTokens({ key }, { access, accessExpiresAt, refresh: "r".repeat(43) }),
        accessExpiresAt,
      });
    }
    const current = createCurrentSession(keeper, { idle: 1_800_000, absolute: 43_200_000 }, clock);
    // Whether the token is good is another piece of work, with a memory of its own.
    const authenticator = createSessionAuthenticator({
      site: "https://shop.example",
      current,
      tokens: createFreshTokens(keeper, {} as Provider, clock),
      verify: () => anonymous,
    });
    let turn = 0;
    return () => {
      // A page makes several calls: eight for each session, one session after the other.
      const cookie = `theme=dark; __Host-headgate-session=${ids[((turn += 1) >> 3) % ids.length]}`;
      const request = {
        method: "GET",
        header: (name: string) => (name === "cookie" ? cookie : undefined),
        upstreamRequest: {
          method: "GET",
          path: "/",
          query: "",
          headers: new HeaderList(["cookie", cookie]),
          body: undefined,
        },
      };
      authenticator.hideCookies(request);
      return authenticator.authenticate(request);
    };
  },
};
