import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { loadShedding } from "./load-shedding.ts";

testGuard(loadShedding, {
  passes: [
    { name: "calls while the event loop is on time", options: undefined },
    { name: "calls at the threshold", options: { above: "200ms" }, env: { eventLoopDelay: () => 200 } },
    { name: "calls of a protected route", options: { protect: true }, env: { eventLoopDelay: () => 9_000 } },
  ],
  denies: [
    {
      name: "calls while the event loop is late",
      options: undefined,
      env: { eventLoopDelay: () => 501 },
      problem: "overloaded",
      headers: { "retry-after": "1" },
    },
  ],
});

describe("load-shedding", () => {
  test("stops only when the delay has fallen to half, so that it does not flap", () => {
    let delay = 0;
    const hooks = loadShedding.create(
      loadShedding.options.parse({ above: "200ms" }),
      fakeEnv({ eventLoopDelay: () => delay }),
    );
    const kinds = [150, 250, 150, 101, 100, 150, 250].map((next) => {
      delay = next;
      const verdict = hooks.request?.(fakeExchange());
      return verdict && "kind" in verdict ? verdict.kind : "late";
    });
    expect(kinds).toEqual(["pass", "deny", "deny", "deny", "pass", "pass", "deny"]);
  });

  test("explains itself", () => {
    expect(loadShedding.describe?.(loadShedding.options.parse({}))).toBe(
      "refused while the event loop is more than 500ms late",
    );
    expect(loadShedding.describe?.(loadShedding.options.parse({ protect: true }))).toBe("never refused for load");
  });
});
