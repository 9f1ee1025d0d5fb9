const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * What is wrong with a URL that keys are trusted through, in words for the policy's author; `undefined` when nothing is.
 *
 * Plain HTTP is accepted on loopback only: whoever can rewrite the answer can put a key of their own into it, and with it
 * sign as anybody.
 */
export function faultOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL. Write it in full, for example https://id.example";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "contains a user name or password. Remove it";
  if (url.hash !== "") return "contains a fragment. Remove it";
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:" && loopbackHosts.has(url.hostname)) return undefined;
  return "is not https. Use https; plain http is accepted for 127.0.0.1, ::1 and localhost only";
}

/** The like of `faultOfUrl` for an issuer identifier, which has no query either (RFC 8414 section 2). */
export function faultOfIssuer(text: string): string | undefined {
  return faultOfUrl(text) ?? (text.includes("?") ? "contains a query. Remove it" : undefined);
}
