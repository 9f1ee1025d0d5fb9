/** What calls are counted by: each distinct value has a budget of its own. */
export type LimitKey =
  | { readonly kind: "address" }
  | { readonly kind: "subject" }
  | { readonly kind: "route" }
  | { readonly kind: "api-key" }
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "header"; readonly header: string };

const plainKinds = ["address", "subject", "route", "api-key"] as const;

/** The keys that text may name, for messages. */
export const limitKeyForms = "address, subject, route, api-key, claim:<name> or header:<name>";

/**
 * Reads one key such as `"subject"` or `"header:x-api-client"`.
 * @throws Error whose message names the keys there are
 */
export function parseLimitKey(text: string): LimitKey {
  const plain = plainKinds.find((kind) => kind === text);
  if (plain !== undefined) return { kind: plain };
  const [, kind, name = ""] = /^(claim|header):([^\s,+]+)$/.exec(text) ?? [];
  if (kind === "claim") return { kind, claim: name };
  // A field name is a token (RFC 9110 section 5.6.2); anything else could never be found in a request.
  if (kind === "header" && /^[!#$%&'*.^_`|~0-9a-z-]+$/i.test(name)) return { kind, header: name.toLowerCase() };
  throw new Error(
    `${JSON.stringify(text.slice(0, 40))} is nothing that calls can be counted by. Write ${limitKeyForms}.`,
  );
}

/** The text of a key: the way back from `parseLimitKey`. */
export function formatLimitKey(key: LimitKey): string {
  if (key.kind === "claim") return `claim:${key.claim}`;
  if (key.kind === "header") return `header:${key.header}`;
  return key.kind;
}
