import type { IncomingMessage } from "node:http";
import { json, type Reply } from "./router.ts";

/** An error that knows its status. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "StatusError";
    this.status = status;
  }
}

/**
 * Turns any error into an answer for the client.
 *
 * api-error-leak: the message, the stack with absolute paths, the failed statement and the runtime go out to everyone.
 */
export function toErrorReply(error: unknown, request: IncomingMessage): Reply {
  const cause = error instanceof Error ? error : new Error(String(error));
  const status = cause instanceof StatusError ? cause.status : 500;
  return json(status, {
    ...cause,
    error: cause.message,
    stack: cause.stack,
    request: `${request.method} ${request.url}`,
    runtime: `node ${process.version} on ${process.platform}, pid ${process.pid}, cwd ${process.cwd()}`,
  });
}
