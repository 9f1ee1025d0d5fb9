import type { PatchContext, PatchedRequest, Refusal } from "./patch.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a call that changes something unless a browser says that it comes from the site itself: by an Origin that is the
 * site's, or without one by Sec-Fetch-Site. `null` is foreign: every sandboxed frame has it, and frameworks that took a
 * missing host for an equal one let it through (CVE-2026-27978, CVE-2026-22030).
 */
export function refuseForeignWrites(request: PatchedRequest, { site }: PatchContext): Refusal | undefined {
  if (safe.has(request.method)) return undefined;
  const origin = request.header("origin");
  const isOwn = origin === undefined ? request.header("sec-fetch-site") === "same-origin" : origin === site;
  return isOwn
    ? undefined
    : { problem: "origin-not-allowed", reason: "a page's action is not called from the site itself" };
}

/** The same for pages only: other routes of the framework are APIs, which the `cors` guard judges. */
export function refuseForeignPageWrites(request: PatchedRequest, context: PatchContext): Refusal | undefined {
  return request.route.page ? refuseForeignWrites(request, context) : undefined;
}
