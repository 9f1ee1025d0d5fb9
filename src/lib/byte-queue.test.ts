import { expect, test } from "vitest";
import { ByteQueue } from "./byte-queue.ts";

function queueWithLog() {
  const log: string[] = [];
  const queue = new ByteQueue({
    pause: () => log.push("pause"),
    resume: () => log.push("resume"),
    cancel: () => log.push("cancel"),
  });
  return { queue, log };
}

const chunk = (length: number) => new Uint8Array(length).fill(7);

test("chunks come out in order, then the end", async () => {
  const { queue } = queueWithLog();
  queue.push(Uint8Array.of(1));
  queue.push(Uint8Array.of(2));
  queue.end();
  const read: number[] = [];
  for await (const part of queue) read.push(...part);
  expect(read).toEqual([1, 2]);
});

test("a reader that waits gets the chunk that comes", async () => {
  const { queue } = queueWithLog();
  const next = queue.next();
  expect(queue.starving).toBe(true);
  queue.push(Uint8Array.of(3));
  expect(queue.starving).toBe(false);
  expect(await next).toEqual({ done: false, value: Uint8Array.of(3) });
});

test("a slow reader pauses the source, and reading on lets it go on", async () => {
  const { queue, log } = queueWithLog();
  queue.push(chunk(100_000));
  queue.push(chunk(100_000));
  expect(log).toEqual(["pause"]);
  await queue.next();
  expect(log).toEqual(["pause"]);
  await queue.next();
  expect(log).toEqual(["pause", "resume"]);
});

test("a failure reaches the reader after what came before it", async () => {
  const { queue } = queueWithLog();
  queue.push(Uint8Array.of(1));
  queue.fail(new Error("broken off"));
  expect((await queue.next()).value).toEqual(Uint8Array.of(1));
  await expect(queue.next()).rejects.toThrow("broken off");
});

test("what ended already can be taken whole, what failed or goes on cannot", () => {
  const ended = queueWithLog().queue;
  ended.push(Uint8Array.of(1));
  ended.push(Uint8Array.of(2));
  expect(ended.takeWhole()).toBeUndefined();
  ended.end();
  expect(ended.takeWhole()).toEqual(Uint8Array.of(1, 2));

  const failed = queueWithLog().queue;
  failed.push(Uint8Array.of(1));
  failed.fail(new Error("broken off"));
  failed.end();
  expect(failed.takeWhole()).toBeUndefined();
});

test("a reader that stops early cancels the source", async () => {
  const { queue, log } = queueWithLog();
  queue.push(Uint8Array.of(1));
  for await (const _part of queue) break;
  expect(log).toEqual(["cancel"]);
});
