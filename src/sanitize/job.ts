import type { SanitizeProfile } from "../lib/sanitize-profile.ts";

/** What is asked of a worker, one at a time: a text, by a profile that is sent along once and named by number later. */
export interface Job {
  readonly html: string;
  readonly profile: number;
  readonly lists: SanitizeProfile | undefined;
}

/** What a worker says: that it works, or why not; then one result for each job. */
export type WorkerAnswer =
  | { readonly kind: "started" }
  | { readonly kind: "unfit"; readonly reason: string }
  | { readonly kind: "cleaned"; readonly html: string; readonly heapBytes: number }
  | { readonly kind: "refused"; readonly reason: string };
