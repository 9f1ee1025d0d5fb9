/**
 * Whether a browser says that a page of the site itself makes this call: by `Origin`, or without one by what it says of the
 * caller (Fetch Metadata). `null` is foreign: every sandboxed frame has it, and frameworks that took a missing host for an
 * equal one let it through (CVE-2026-27978, CVE-2026-22030).
 */
export function comesFromSite(request: { header(name: string): string | undefined }, site: string): boolean {
  const origin = request.header("origin");
  return origin === undefined ? request.header("sec-fetch-site") === "same-origin" : origin === site;
}
