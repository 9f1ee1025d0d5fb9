import type { HeaderList } from "./header-list.ts";

/** What an upstream says of the very bytes that it sent (RFC 9110 sections 8.6, 8.8.3 and 14.3, RFC 9530, RFC 1864). */
const bodyFacts: ReadonlySet<string> = new Set([
  ...["content-length", "etag", "accept-ranges"],
  ...["content-digest", "repr-digest", "digest", "content-md5"],
]);

/** Takes out what is not true of a body that was changed on the way. */
export function dropBodyFacts(headers: HeaderList): void {
  headers.deleteWhere((name) => bodyFacts.has(name));
}
