import type { GatewayResponse } from "../gateway-response.ts";

/**
 * What a browser makes of an answer that is opened by itself: a page in which scripts run, a picture in which they could, a
 * script (which counts as a page of its own where it is a worker), or anything else.
 */
export type AnswerKind = "page" | "picture" | "script" | "data";

/** Judges by the content type. An answer without one is a page: browsers that are told not to sniff show it as text. */
export function kindOf({ headers }: GatewayResponse): AnswerKind {
  const type = headers.get("content-type") ?? "text/html";
  const essence = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (essence === "text/html" || essence === "application/xhtml+xml") return "page";
  if (/[/+]xml$/.test(essence)) return "picture";
  return /^(?:text|application)\/(?:x-)?(?:java|ecma)script$/.test(essence) ? "script" : "data";
}
