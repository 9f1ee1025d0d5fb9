import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes of streams between two collections. */
const collectEveryBytes = 16 * 1024 * 1024;

// The engine's collector is reachable only by this flag; the flag itself changes nothing.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
let passed = 0;

/**
 * Counts bytes that passed through, and has the young heap collected once in a while. A stream's chunks are small objects
 * that hold large buffers outside of the heap: the engine sees little garbage and waits, while a gigabyte that goes
 * through leaves a hundred megabytes waiting to be freed.
 */
export function countPassedBytes(bytes: number): void {
  passed += bytes;
  if (passed < collectEveryBytes) return;
  passed = 0;
  collect({ type: "minor" });
}
