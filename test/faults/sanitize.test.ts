/** What becomes of texts when the workers that clean them are lost, late, worn out or too few: real threads throughout. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { profiles } from "../../src/lib/html/profiles.ts";
import type { WorkerLoss } from "../../src/sanitize/pool.ts";
import { createSanitizer, type SanitizerOptions } from "../../src/sanitize/sanitizer.ts";
import { startThread } from "../../src/sanitize/thread.ts";
import { fakeClock } from "../support/clock.ts";

/** Flat enough for the first look, and work for seconds: each paragraph opens all of the fonts again. */
const slow = (salt = 0) =>
  `${Array.from({ length: 250 }, (_, at) => `<font color=${at + salt}>`).join("")}${"<p>".repeat(20_000)}`;
const limits = { maxBytes: 1_000_000 };

function start(options: Partial<SanitizerOptions> = {}) {
  const losses: WorkerLoss[] = [];
  const clock = fakeClock();
  const sanitizer = createSanitizer({ clock, size: 1, report: (loss) => losses.push(loss), ...options });
  onTestFinished(() => sanitizer.close());
  return { sanitizer, losses, clock, cleaner: sanitizer.prepare(profiles.rich, limits) };
}

const outcome = async (cleaning: () => string | Promise<string>): Promise<string> => {
  try {
    return await cleaning();
  } catch (error) {
    return `${(error as { readonly code?: string }).code}: ${(error as Error).message}`;
  }
};

test("a worker that takes too long is ended, its text refused, and the next worker goes on", async () => {
  const { sanitizer, cleaner, losses } = start({ timeLimitMs: 300 });
  await sanitizer.ready();
  const [late, next] = await Promise.all([
    outcome(() => cleaner.clean(slow())),
    outcome(() => cleaner.clean("<p onclick=hit()>next</p>")),
  ]);
  expect(late).toBe("content-refused: the sanitiser's worker ended: it took longer than 300 ms");
  expect(next).toBe("<p>next</p>");
  expect(losses).toEqual([{ event: "worker.lost", reason: "it took longer than 300 ms" }]);
});

test("a text that wants more memory than a worker has ends the worker, and not the gateway", async () => {
  const { sanitizer, cleaner, losses } = start({ heapLimitMb: 48, timeLimitMs: 20_000 });
  await sanitizer.ready();
  expect(await outcome(() => cleaner.clean(slow()))).toMatch(/^content-refused: .*ERR_WORKER_OUT_OF_MEMORY/);
  expect(await outcome(() => cleaner.clean("<b onclick=hit()>next</b>"))).toBe("<b>next</b>");
  expect(losses).toHaveLength(1);
});

test("a worker that somebody ends in the middle of a text leaves it refused", async () => {
  const thread = await startThread({ timeLimitMs: 20_000, startLimitMs: 20_000, heapLimitMb: 256 });
  const cleaning = outcome(() => thread.clean(slow(), profiles.rich));
  thread.end("killed by the test");
  expect(await cleaning).toBe("content-refused: the sanitiser's worker ended: killed by the test");
  expect(await thread.ended).toBe("killed by the test");
});

test("a text that could not be cleaned is refused at once for a while, and then tried again", async () => {
  const { sanitizer, cleaner, losses, clock } = start({ timeLimitMs: 200 });
  await sanitizer.ready();
  expect(await outcome(() => cleaner.clean(slow()))).toContain("took longer");
  expect(await outcome(() => cleaner.clean(slow()))).toBe(
    "content-refused: the HTML could not be cleaned a moment ago",
  );
  expect(losses).toHaveLength(1);
  await clock.advance(30_001);
  expect(await outcome(() => cleaner.clean(slow()))).toContain("took longer");
  await vi.waitFor(() => expect(losses).toHaveLength(2));
});

test("more texts than may wait are refused as what they are: too many, not bad", async () => {
  const { sanitizer, cleaner } = start({ maxWaiting: 2, timeLimitMs: 1500 });
  await sanitizer.ready();
  const outcomes = await Promise.all(
    [slow(), "<p x>1", "<p x>2", "<p x>3", "<p x>4"].map((html) => outcome(() => cleaner.clean(html))),
  );
  expect(outcomes.slice(1)).toEqual([
    "<p>1</p>",
    "<p>2</p>",
    "sanitizer-unavailable: too many texts wait for the sanitiser",
    "sanitizer-unavailable: too many texts wait for the sanitiser",
  ]);
});

test("the texts that wait are bounded by their size, too", async () => {
  const { sanitizer, cleaner } = start({ maxWaitingSize: 100_000, timeLimitMs: 500 });
  await sanitizer.ready();
  const busy = outcome(() => cleaner.clean(slow()));
  expect(await outcome(() => cleaner.clean(`<p x>${"y".repeat(100_001)}`))).toContain("too many texts wait");
  expect(await busy).toContain("took longer");
});

test("a text does not wait for ever", async () => {
  const { sanitizer, cleaner } = start({ waitLimitMs: 50, timeLimitMs: 1000 });
  await sanitizer.ready();
  const busy = outcome(() => cleaner.clean(slow()));
  expect(await outcome(() => cleaner.clean("<p x>1"))).toBe(
    "sanitizer-unavailable: the text waited too long for the sanitiser",
  );
  expect(await busy).toContain("took longer");
});

test("short texts go before long ones", async () => {
  const { sanitizer, cleaner } = start({ timeLimitMs: 700 });
  await sanitizer.ready();
  const order: string[] = [];
  const clean = async (name: string, html: string) => {
    await outcome(() => cleaner.clean(html));
    order.push(name);
  };
  await Promise.all([clean("first", slow(1)), clean("long", `<p x>${"y".repeat(50_000)}`), clean("short", "<p x>z")]);
  expect(order).toEqual(["first", "short", "long"]);
});

test("the same text asked for many times at once is one job", async () => {
  const { sanitizer, cleaner } = start({ maxWaiting: 1 });
  await sanitizer.ready();
  const asked = Array.from({ length: 100 }, () => outcome(() => cleaner.clean("<p onclick=hit()>same</p>")));
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["<p>same</p>"]));
  expect(cleaner.clean("<p onclick=hit()>same</p>")).toBe("<p>same</p>");
});

test("workers that are worn out are replaced without a text being lost", async () => {
  const { sanitizer, cleaner, losses } = start({ size: 2, maxJobsPerWorker: 8, waitLimitMs: 15_000 });
  await sanitizer.ready();
  const texts = Array.from({ length: 20 }, (_, at) => outcome(() => cleaner.clean(`<p onclick=hit()>${at}`)));
  expect(await Promise.all(texts)).toEqual(Array.from({ length: 20 }, (_, at) => `<p>${at}</p>`));
  expect(losses).toEqual([]);
});

describe("where no worker starts", () => {
  test("it is not ready, cleans nothing, and says why", async () => {
    const { sanitizer, cleaner, losses } = start({ startLimitMs: 1 });
    await expect(sanitizer.ready()).rejects.toMatchObject({
      code: "sanitizer-unavailable",
      message: expect.stringContaining("it did not start within 1 ms") as string,
    });
    expect(losses[0]).toMatchObject({ event: "worker.refused" });
    const cleaning = outcome(() => cleaner.clean("<p onclick=hit()>x"));
    await sanitizer.close();
    expect(await cleaning).toBe("sanitizer-unavailable: the pool was closed");
  });

  test("a worker without memory for its parts is one that does not start", async () => {
    const { sanitizer } = start({ heapLimitMb: 4 });
    await expect(sanitizer.ready()).rejects.toMatchObject({ code: "sanitizer-unavailable" });
  });
});

test("closing refuses what waits and what is under way", async () => {
  const { sanitizer, cleaner } = start({ timeLimitMs: 20_000 });
  await sanitizer.ready();
  const cleaning = [slow(), "<p x>1"].map((html) => outcome(() => cleaner.clean(html)));
  await sanitizer.close();
  expect(await Promise.all(cleaning)).toEqual([
    "content-refused: the sanitiser's worker ended: the pool was closed",
    "sanitizer-unavailable: the pool was closed",
  ]);
  expect(await outcome(() => cleaner.clean("<p x>2"))).toBe("sanitizer-unavailable: no sanitiser is running");
});

test("nothing starts where nobody cleans", async () => {
  const losses: WorkerLoss[] = [];
  const sanitizer = createSanitizer({ clock: fakeClock(), startLimitMs: 1, report: (loss) => losses.push(loss) });
  await sanitizer.ready();
  await sanitizer.close();
  expect(losses).toEqual([]);
});

test("what is too large or too deep never reaches a worker", async () => {
  const { sanitizer } = start();
  const cleaner = sanitizer.prepare(profiles.rich, { maxBytes: 100 });
  expect(await outcome(() => cleaner.clean(`<p x>${"é".repeat(50)}`))).toBe(
    "content-refused: the HTML is larger than allowed",
  );
  const wide = sanitizer.prepare(profiles.rich, limits);
  expect(await outcome(() => wide.clean("<div>".repeat(10_000)))).toBe(
    "content-refused: the HTML is nested deeper than any text",
  );
});
