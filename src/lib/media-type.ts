import { isToken, parseParameters } from "./parameters.ts";

/** A media type with its parameters (RFC 9110 section 8.3.1). */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string;
  /** Values by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads the value of a Content-Type field. `undefined` when it does not follow the grammar, names several types or a
 * parameter twice: what two parsers could take for different types is none.
 */
export function parseMediaType(text: string): MediaType | undefined {
  const semicolon = text.indexOf(";");
  const essence = (semicolon < 0 ? text : text.slice(0, semicolon).trimEnd()).toLowerCase();
  const [type = "", subtype = "", ...rest] = essence.split("/");
  if (rest.length > 0 || !isToken(type) || !isToken(subtype)) return undefined;
  const parameters = parseParameters(text, essence.length);
  return parameters && { essence, parameters };
}

/** Whether a type falls under a pattern: `image/png`, `image/*`, `application/*+json`, or everything. */
export function matchesMediaType(essence: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted === "*/*") return true;
  const star = wanted.indexOf("*");
  if (star < 0) return essence === wanted;
  const [before, after] = [wanted.slice(0, star), wanted.slice(star + 1)];
  return essence.length > before.length + after.length && essence.startsWith(before) && essence.endsWith(after);
}

/** Whether it is JSON: `application/json` or a type built on it (RFC 6839 section 3.1). */
export function isJson(mediaType: MediaType): boolean {
  return mediaType.essence === "application/json" || mediaType.essence.endsWith("+json");
}

/**
 * Whether its text is UTF-8: said so, or nothing said. UTF-7 and UTF-16 bodies are read as something else by whoever
 * ignores the charset, which RFC 8259 section 8.1 lets JSON parsers do.
 */
export function isUtf8({ parameters }: MediaType): boolean {
  return (parameters.get("charset") ?? "utf-8").toLowerCase() === "utf-8";
}
