import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { HeadgateError } from "../lib/error.ts";
import type { Purify } from "../lib/html/purifier.ts";
import type { SanitizeProfile } from "../lib/sanitize-profile.ts";
import type { Job, WorkerAnswer } from "./job.ts";
import { createJsdomPurifier } from "./jsdom-purifier.ts";

/** Runs in a worker thread: cleans one text after the other, once it has shown that it can. */
const profiles = new Map<number, SanitizeProfile>();

try {
  listen(createJsdomPurifier());
} catch (error) {
  answer({ kind: "unfit", reason: (error as Error).message });
}

function listen(purify: Purify): void {
  parentPort?.on("message", ({ html, profile, lists }: Job) => {
    if (lists) profiles.set(profile, lists);
    try {
      const known = profiles.get(profile);
      if (!known) throw new Error("the profile was never sent");
      answer({ kind: "cleaned", html: purify(html, known), heapBytes: getHeapStatistics().used_heap_size });
    } catch (error) {
      // What a DOM complains of may quote the document; its kind of complaint does not.
      answer({ kind: "refused", reason: error instanceof HeadgateError ? error.message : (error as Error).name });
    }
  });
  answer({ kind: "started" });
}

function answer(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}
