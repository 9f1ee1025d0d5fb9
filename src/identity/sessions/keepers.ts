import { resolve } from "node:path";
import { createFileStore } from "./file-store.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import type { SessionOptions } from "./options.ts";
import { createMemoryStore } from "./store.ts";

/** The keepers of this process, by where they keep: a reload of the policy finds the one that there is. */
export interface Keepers {
  /**
   * @param key opens what the file holds; of several lines, the first closes and all open
   * @throws HeadgateError `policy-invalid` when the file cannot be used
   */
  keeperFor(options: Pick<SessionOptions, "store" | "maxSessions">, folder: string, key: string | undefined): Keeper;
  close(): void;
}

/** Makes keepers as they are asked for. */
export function createKeepers(): Keepers {
  const keepers = new Map<string, Keeper>();
  return {
    keeperFor({ store, maxSessions }, folder, key) {
      const place = store === "memory" ? store : resolve(folder, store.file);
      const name = JSON.stringify([place, maxSessions, key]);
      const known = keepers.get(name);
      if (known) return known;
      const keys = key?.split("\n").filter((line) => line.trim() !== "");
      const kept = store === "memory" ? createMemoryStore(maxSessions) : createFileStore(place, maxSessions);
      const keeper = createKeeper(kept, keys);
      keepers.set(name, keeper);
      return keeper;
    },
    close() {
      for (const { store } of keepers.values()) store.close();
      keepers.clear();
    },
  };
}
