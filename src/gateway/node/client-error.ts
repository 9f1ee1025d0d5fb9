import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { problemContentType, type ProblemId, problemTypes, toProblemJson } from "../../problem.ts";

const problemOf: Readonly<Record<string, ProblemId>> = {
  HPE_HEADER_OVERFLOW: "headers-too-large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "body-too-large",
  ERR_HTTP_REQUEST_TIMEOUT: "request-timeout",
  HPE_UNEXPECTED_CONTENT_LENGTH: "ambiguous-request",
  HPE_INVALID_TRANSFER_ENCODING: "ambiguous-request",
};

/**
 * Answers bytes that are not a request. There is no exchange, since there is nothing to judge, but the answer looks like
 * every other refusal.
 */
export function answerClientError(
  error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer },
  socket: Duplex,
): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem = judge(error);
  const { status } = problemTypes[problem];
  const id = randomUUID();
  const body = toProblemJson(problem, id);
  const head = [
    `HTTP/1.1 ${status} ${problemTypes[problem].title.replace(/\.$/, "")}`,
    `content-type: ${problemContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** A method that nobody knows is one thing, bytes that are no HTTP at all are another: a TLS handshake, for one. */
function judge(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): ProblemId {
  const looksLikeMethod = /^[A-Z]+ /.test(error.rawPacket?.subarray(0, 32).toString("latin1") ?? "");
  if (error.code === "HPE_INVALID_METHOD" && looksLikeMethod) return "not-implemented";
  return problemOf[error.code ?? ""] ?? "malformed-request";
}
