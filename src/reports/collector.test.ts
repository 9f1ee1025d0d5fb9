import { expect, test } from "vitest";
import { fakeClock, fakeExchange } from "../../test/support/exchange.ts";
import { createMemoryLimiter } from "../state/memory.ts";
import { createCollector } from "./collector.ts";
import { reportsOptions } from "./options.ts";
import type { Report } from "./report.ts";

const reportOf = (name: string): Report => ({
  event: "csp.violated",
  reason: name,
  facts: { blocked: name },
  sameness: [name],
  from: "",
  subjects: [name],
});

function collectorWith(options: Parameters<typeof reportsOptions.parse>[0] = {}) {
  const clock = fakeClock();
  const collector = createCollector(reportsOptions.parse(options), {
    clock,
    limiter: createMemoryLimiter({ clock }),
    isOwn: () => true,
  });
  return {
    clock,
    collector,
    async take(address: string, ...names: readonly string[]) {
      const exchange = fakeExchange({ client: { address, key: address } });
      await collector.take(exchange, { reports: names.map(reportOf), lost: new Map() });
      return exchange.notes.map(({ event, count, reason }) =>
        `${event} ${count} ${event === "csp.violated" ? reason : ""}`.trim(),
      );
    },
  };
}

test("what is new is told, what is not is counted, and the count is told when the window is over", async () => {
  const { take, clock } = collectorWith({ window: "10min" });
  expect(await take("a", "x", "y", "x")).toEqual(["csp.violated 1 x", "csp.violated 1 y", "report.repeated 1"]);
  expect(await take("b", "x")).toEqual(["report.repeated 1"]);
  await clock.advance(600_000);
  expect(await take("c", "z")).toEqual(["csp.violated 1 z", "csp.violated 2 2 more: x"]);
});

test("nothing is lost in silence: told, repeated, ignored and dropped add up to what came", async () => {
  const { take, clock } = collectorWith({ events: { perAddress: "5/h", overall: "20/h" }, table: 64 });
  const sums = { told: 0, other: 0 };
  for (let index = 0; index < 300; index += 1) {
    const name = index % 7 === 0 ? "chrome-extension://x" : `https://x${index % 50}.example`;
    for (const note of await take(`address ${index % 9}`, name)) {
      const [event, count] = note.split(" ");
      // A count that is told later was counted as repeated before.
      if (note.includes(" more: ")) continue;
      if (event === "csp.violated") sums.told += Number(count);
      else sums.other += Number(count);
    }
    await clock.advance(1000);
  }
  expect(sums.told + sums.other).toBe(300);
  expect(sums.told).toBeGreaterThan(15);
});

test("one address that makes things up takes nothing of the others", async () => {
  const { take } = collectorWith({ events: { perAddress: "3/h", overall: "10/h" } });
  const made = Array.from({ length: 40 }, (_, index) => `https://made-up-${index}.example`);
  const notes = await take("liar", ...made);
  expect(notes.filter((note) => note.startsWith("csp.violated"))).toHaveLength(3);
  expect(notes.at(-1)).toBe("report.dropped 37");
  expect(await take("honest", "https://real.example")).toEqual(["csp.violated 1 https://real.example"]);
});

test("a hundred thousand addresses with a report of their own each are told to the ceiling, in bounded memory", async () => {
  const { take, collector } = collectorWith({ events: { overall: "500/h" }, table: 64 });
  let told = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const notes = await take(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, `https://x${index}.example`);
    told += notes.filter((note) => note.startsWith("csp.violated")).length;
  }
  expect(told).toBe(500);
  expect(collector.remembered).toBeLessThanOrEqual(64);
});
