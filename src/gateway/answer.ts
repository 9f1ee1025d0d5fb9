import type { Denial } from "../guards/contract/verdict.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { HeadgateError, type HeadgateErrorCode } from "../lib/error.ts";
import { HeaderList } from "../lib/header-list.ts";
import { deny } from "../guards/contract/verdict.ts";
import type { GatewayExchange } from "./exchange.ts";
import type { RefusalForm } from "../guards/contract/refusal-form.ts";
import { problemContentType, type ProblemId, problemTypes, type Refusal, toProblemJson } from "../problem.ts";

const encoder = new TextEncoder();

/**
 * The response that says a denial to the client: RFC 9457, or the form of the route's protocol; nothing of the inside.
 */
export function toProblemResponse(denial: Denial, exchange: GatewayExchange): GatewayResponse {
  const { problem, fields } = denial;
  const status = denial.status ?? problemTypes[problem].status;
  const requestId = exchange.id;
  const form = writeForm({ problem, status, requestId, fields }, exchange);
  const headers = new HeaderList(["content-type", form?.contentType ?? problemContentType]);
  for (let at = 0; at < (denial.headers?.length ?? 0); at += 2) {
    headers.append(denial.headers?.[at] ?? "", denial.headers?.[at + 1] ?? "");
  }
  const body = encoder.encode(form?.body ?? toProblemJson(problem, requestId, fields, status));
  return { status, headers, body, origin: "gateway" };
}

/** The refusal in the form of the route; what breaks there must not keep the refusal itself from being sent. */
function writeForm(refusal: Refusal, exchange: GatewayExchange): ReturnType<RefusalForm> {
  try {
    return exchange.plan.refusal?.(refusal, exchange);
  } catch {
    return undefined;
  }
}

const problemOf: Partial<Record<HeadgateErrorCode, ProblemId>> = {
  "body-too-large": "body-too-large",
  "body-timeout": "request-timeout",
  "body-aborted": "malformed-body",
  "body-undecodable": "malformed-body",
  "upstream-unreachable": "upstream-failed",
  "upstream-aborted": "upstream-failed",
  "upstream-too-large": "response-refused",
  "upstream-unexpected": "response-refused",
  "upstream-timeout": "upstream-timeout",
  "upstream-open": "upstream-unavailable",
  "content-refused": "response-refused",
  "sanitizer-unavailable": "overloaded",
};

/**
 * What a failure inside becomes. The message goes to the log; a failure without a problem of its own is an internal
 * error, and an internal error is a denial: nothing passes because something broke.
 */
export function toFailure(error: unknown): Denial {
  const reason = error instanceof Error ? error.message : String(error);
  const problem = error instanceof HeadgateError ? problemOf[error.code] : undefined;
  return deny(problem ?? "internal-error", reason);
}
