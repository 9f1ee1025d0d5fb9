import { errors } from "undici";
import { HeadgateError } from "../lib/error.ts";

/** Says in Headgate's own words why a call to an upstream failed. */
export function toUpstreamError(name: string, error: unknown): HeadgateError {
  if (error instanceof HeadgateError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new HeadgateError("upstream-timeout", `${name} did not answer in time`, { cause });
  }
  if (error instanceof errors.RequestContentLengthMismatchError) {
    return new HeadgateError("body-aborted", "the client sent another length than it announced", { cause });
  }
  return new HeadgateError("upstream-unreachable", `${name}: ${cause.message}`, { cause });
}

/** Whether trying again may help: the upstream sent nothing, and the failure was on the way. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof HeadgateError) && !(error instanceof errors.HeadersTimeoutError);
}
