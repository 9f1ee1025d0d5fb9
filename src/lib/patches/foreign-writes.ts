import { comesFromSite } from "../comes-from-site.ts";
import type { PatchContext, PatchedRequest, Refusal } from "./patch.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses a call that changes something unless a browser says that it comes from the site itself. */
export function refuseForeignWrites(request: PatchedRequest, { site }: PatchContext): Refusal | undefined {
  if (safe.has(request.method) || comesFromSite(request, site)) return undefined;
  return { problem: "origin-not-allowed", reason: "a page's action is not called from the site itself" };
}

/** The same for pages only: other routes of the framework are APIs, which the `cors` guard judges. */
export function refuseForeignPageWrites(request: PatchedRequest, context: PatchContext): Refusal | undefined {
  return request.route.page ? refuseForeignWrites(request, context) : undefined;
}
