import { lookup } from "mrmime";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { HeaderList } from "../lib/header-list.ts";
import { isHashedName } from "../lib/hashed-name.ts";
import type { OpenFile } from "./static-directory-file.ts";
import { evaluateConditions } from "../lib/conditions.ts";
import type { DirectoryUpstreamOptions } from "./options.ts";

/** Types that mrmime does not know. */
const furtherTypes: Readonly<Record<string, string>> = { ico: "image/x-icon" };
/** Text whose encoding a reader would have to guess: guessing is how UTF-7 became script. */
const texts = /^(?:text\/|application\/(?:json|xml|xhtml\+xml|javascript)$|.*\+(?:json|xml)$)/;
const compressible = /^(?:application\/(?:wasm|vnd\.ms-fontobject)$|font\/(?:ttf|otf)$)/;

/** The content type of a file by its name, with its charset. */
export function contentTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const type =
    (name.includes(".") ? (lookup(ending) ?? furtherTypes[ending]) : undefined) ?? "application/octet-stream";
  return texts.test(type) ? `${type}; charset=utf-8` : type;
}

/** Whether a compressed twin of the file makes sense; media is compressed already. */
export function isCompressible(contentType: string): boolean {
  const [essence = ""] = contentType.split(";");
  return texts.test(essence) || compressible.test(essence);
}

/** Build folders in which every file has its content in its name, or in a build's. */
const builtFolders = ["/_next/static/**", "/_astro/**", "/_app/immutable/**"];

/** How long an answer may be reused, by the path of its file. */
export function createCachePolicy({
  immutable,
  maxAge,
}: DirectoryUpstreamOptions): (names: readonly string[]) => string {
  const patterns = [...builtFolders, ...immutable].map(toPattern);
  const others = maxAge === 0 ? "no-cache" : `public, max-age=${Math.floor(maxAge / 1000)}`;
  return (names) => {
    const name = names.at(-1) ?? "";
    if (name.endsWith(".html")) return "no-cache";
    const path = `/${names.join("/")}`;
    const isImmutable = isHashedName(name) || patterns.some((pattern) => pattern.test(path));
    return isImmutable ? "public, max-age=31536000, immutable" : others;
  };
}

function toPattern(pattern: string): RegExp {
  const source = pattern
    .split("**")
    .map((part) => part.split("*").map(escapeText).join("[^/]*"))
    .join(".*");
  return new RegExp(`^${source}$`);
}

function escapeText(text: string): string {
  return text.replace(/[$()+.?[\\\]^{|}]/g, "\\$&");
}

/** What a file is sent as. */
export interface Representation {
  readonly file: OpenFile;
  readonly contentType: string;
  /** The content coding of the file's bytes. */
  readonly coding: string | undefined;
  /** Whether other requests may get another coding of it. */
  readonly varies: boolean;
  readonly cacheControl: string;
}

/**
 * The answer to a GET or HEAD of a file, its conditions and its range considered. The file is closed, or will be when the
 * body is read or let go.
 */
export async function answerWith(
  { file, contentType, coding, varies, cacheControl }: Representation,
  request: { readonly method: string; readonly fields: HeaderList },
  status = 200,
): Promise<GatewayResponse> {
  const { size } = file;
  // With the time at which anything of the file changed: build tools set that of the content to a constant.
  const etag = `"${file.changedAt.toString(36)}-${size.toString(36)}${coding === undefined ? "" : `-${coding}`}"`;
  const modified = new Date(Number(file.changedAt / 1_000_000n));
  const shared = ["cache-control", cacheControl, "etag", etag, "last-modified", modified.toUTCString()];
  if (varies) shared.push("vary", "Accept-Encoding");
  const headers = new HeaderList([...shared, "content-type", contentType]);
  if (coding !== undefined) headers.append("content-encoding", coding);

  const validators = { etag, modifiedSeconds: Math.floor(modified.getTime() / 1000), size };
  const selection =
    status === 200
      ? evaluateConditions((name) => request.fields.get(name), validators, request.method)
      : ({ kind: "whole" } as const);
  const empty = async (code: number, fields: string[]): Promise<GatewayResponse> => {
    await file.close();
    return { status: code, headers: new HeaderList(fields), body: null, origin: "upstream" };
  };
  if (selection.kind === "not-modified") return empty(304, shared);
  if (selection.kind === "failed") return empty(412, []);
  if (selection.kind === "unsatisfiable") return empty(416, ["content-range", `bytes */${size}`]);

  if (status === 200) headers.append("accept-ranges", "bytes");
  const { start, end } = selection.kind === "part" ? selection.range : { start: 0, end: size };
  if (selection.kind === "part") headers.append("content-range", `bytes ${start}-${end - 1}/${size}`);
  headers.append("content-length", String(end - start));
  if (request.method === "HEAD") return empty(status, headers.flat);
  const body = await file.read(start, end);
  return { status: selection.kind === "part" ? 206 : status, headers, body, origin: "upstream" };
}
