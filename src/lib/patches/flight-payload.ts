import { boundaryOf, parseMultipart, type Part, serializeMultipart } from "../multipart.ts";
import { isUtf8, parseMediaType } from "../media-type.ts";
import type { PatchContext, PatchedRequest, Refusal } from "./patch.ts";

/** An id of a server action as builds have made them since version 14. */
export const actionId = /^[0-9a-f]{40,42}$/;

/**
 * What a payload of React's own wire format needs to reach beyond its values: a prototype, the constructor of a function,
 * a chunk made by hand, a value that is awaited, the inside of the answer (CVE-2025-55182).
 */
const markers = [
  "__proto__",
  ":constructor",
  ":prototype",
  "resolved_model",
  ':then"',
  "_formData",
  '"_response"',
  '"_prefix"',
];

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const malformed = (reason: string): Refusal => ({ problem: "malformed-body", reason });
const denied = (reason: string): Refusal => ({ problem: "access-denied", reason });

/**
 * Judges the body of a server action, called by script or by a form, and puts it upstream as it was judged: in UTF-8, with
 * framing of our own, so that nothing was read in another way here than it will be there.
 */
export async function judgeActionBody(request: PatchedRequest, context: PatchContext): Promise<Refusal | undefined> {
  const { upstreamRequest } = request;
  request.body.limit(context.maxActionBytes);
  // What the route's own body guard wrote anew is what goes upstream.
  const written = upstreamRequest.body !== undefined;
  const contentType = (written ? upstreamRequest.headers.get("content-type") : request.header("content-type")) ?? "";
  const bytes = upstreamRequest.body ?? (request.body.present ? await request.body.read() : new Uint8Array());
  if (bytes.length > context.maxActionBytes)
    return { problem: "body-too-large", reason: "an action's body is too large" };
  const type = parseMediaType(contentType);
  // Other encodings, UTF-16 above all, are decoded behind the gateway and read as nothing here.
  if (!type || !isUtf8(type)) return { problem: "unsupported-media-type", reason: "an action's body is not in UTF-8" };
  if (type.essence === "multipart/form-data") return judgeMultipartAction(request, bytes, contentType, context);
  if (type.essence !== "text/plain" && type.essence !== "application/json") {
    return { problem: "unsupported-media-type", reason: "an action's body is neither text nor a form" };
  }
  const text = decode(bytes);
  if (text === undefined) return malformed("an action's body is not in UTF-8");
  const marker = findMarker(text);
  if (marker !== undefined) return malformed(`an action's body holds ${marker}`);
  send(request, bytes, `${type.essence};charset=UTF-8`);
  return undefined;
}

function judgeMultipartAction(
  request: PatchedRequest,
  bytes: Uint8Array,
  contentType: string,
  context: PatchContext,
): Refusal | undefined {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return malformed("the form names no boundary");
  const parsed = parseMultipart(bytes, boundary, { mayRepeat: () => true, maxFieldBytes: context.maxActionBytes });
  if (parsed.refused !== undefined) {
    return {
      problem: parsed.isTooLarge ? "body-too-large" : "malformed-body",
      reason: `the form has ${parsed.refused}`,
    };
  }
  for (const part of parsed.parts) {
    const refused = judgePart(part, context);
    if (refused) return refused;
  }
  const ours = `headgate-${[...context.random(16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  send(request, serializeMultipart(parsed.parts, ours), `multipart/form-data; boundary=${ours}`);
  return undefined;
}

function judgePart(part: Part, { actions }: PatchContext): Refusal | undefined {
  const type = part.contentType === undefined ? undefined : parseMediaType(part.contentType);
  if (type && !isUtf8(type)) return malformed("a part is not in UTF-8");
  if (findMarker(part.name) !== undefined) return malformed("a part has the name of an inner value");
  // React takes a file for a blob and never reads it as a value.
  if (part.kind === "file") return undefined;
  const marker = findMarker(part.value);
  if (marker !== undefined) return malformed(`a part holds ${marker}`);
  if (part.name.startsWith("$ACTION_ID_") && actions?.has(part.name.slice("$ACTION_ID_".length)) !== true) {
    return denied("a form calls an action that the build does not list");
  }
  if (/^\$ACTION_\w+:0$/.test(part.name) && actions?.has(idOf(part.value)) !== true) {
    return denied("a form calls an action that the build does not list");
  }
  return undefined;
}

/** The id in the description of an action with bound values. */
function idOf(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
    return typeof id === "string" ? id : "";
  } catch {
    return "";
  }
}

/** A marker, also where its letters are escaped as JSON may, in JSON within JSON too. */
function findMarker(text: string): string | undefined {
  let current = text;
  for (let depth = 0; depth < 3; depth += 1) {
    const found = markers.find((marker) => current.includes(marker));
    if (found !== undefined) return found;
    if (!current.includes("\\")) return undefined;
    current = current.replace(
      /\\(?:u([0-9a-fA-F]{4})|(.))/g,
      (_, code: string | undefined, character: string | undefined) =>
        code === undefined ? (character ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
  return markers.find((marker) => current.includes(marker));
}

function send({ upstreamRequest }: PatchedRequest, bytes: Uint8Array, contentType: string): void {
  upstreamRequest.body = bytes;
  upstreamRequest.headers.set("content-type", contentType);
  upstreamRequest.headers.set("content-length", String(bytes.length));
  upstreamRequest.headers.delete("content-encoding");
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
