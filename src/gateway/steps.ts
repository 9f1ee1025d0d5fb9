import type { Answer, Denial, Verdict } from "../guards/contract/verdict.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { toFailure, toProblemResponse } from "./answer.ts";
import type { GatewayExchange } from "./exchange.ts";
import type { RequestStep, ResponseStep } from "./plan.ts";

/** A request that goes no further, and the guard that said so. */
export interface Stop {
  readonly guard: string;
  readonly verdict: Denial | Answer;
}

/**
 * Walks the request guards of the exchange's route, the first `until` of them. Stays synchronous for as long as the
 * guards do: a promise is awaited only where there is one.
 */
export function runRequestSteps(
  exchange: GatewayExchange,
  until: number,
  from = 0,
): Stop | undefined | Promise<Stop | undefined> {
  const steps = exchange.plan.request;
  for (let at = from; at < until; at += 1) {
    const step = steps[at] as RequestStep;
    const verdict = runGuarded(step, exchange);
    if (verdict instanceof Promise) {
      return verdict.then(
        (late) => judge(exchange, step, late) ?? runRequestSteps(exchange, until, at + 1),
        (error: unknown) => judge(exchange, step, toFailure(error)) ?? runRequestSteps(exchange, until, at + 1),
      );
    }
    const stop = judge(exchange, step, verdict);
    if (stop) return stop;
  }
  return undefined;
}

function runGuarded(step: RequestStep, exchange: GatewayExchange): Verdict | Promise<Verdict> {
  try {
    return step.run(exchange);
  } catch (error) {
    return toFailure(error);
  }
}

function judge(exchange: GatewayExchange, step: RequestStep, verdict: Verdict): Stop | undefined {
  if (verdict.kind === "pass") return undefined;
  if (!step.reportOnly || verdict.kind === "respond") return { guard: step.guard, verdict };
  report(exchange, step.guard, verdict);
  return undefined;
}

/**
 * Walks the response guards, innermost first. A guard that denies or throws puts a problem in place of the response, and
 * the guards further out still see to that problem: CORS and security headers stand on every answer.
 */
export function runResponseSteps(exchange: GatewayExchange, from = 0): void | Promise<void> {
  const steps = exchange.plan.response;
  for (let at = from; at < steps.length; at += 1) {
    const step = steps[at] as ResponseStep;
    const before = step.reportOnly ? setAside(exchange) : undefined;
    let verdict: ReturnType<ResponseStep["run"]>;
    try {
      verdict = step.run(exchange);
    } catch (error) {
      verdict = toFailure(error);
    }
    if (verdict instanceof Promise) {
      return verdict
        .catch((error: unknown) => toFailure(error))
        .then((late) => {
          conclude(exchange, step, late ?? undefined, before);
          return runResponseSteps(exchange, at + 1);
        });
    }
    conclude(exchange, step, verdict ?? undefined, before);
  }
}

function conclude(
  exchange: GatewayExchange,
  step: ResponseStep,
  verdict: Verdict | undefined,
  before: GatewayResponse | undefined,
): void {
  const refused = verdict !== undefined && verdict.kind !== "pass";
  if (before) {
    if (verdict?.kind === "deny") report(exchange, step.guard, verdict);
    restore(exchange, before);
  } else if (refused) settle(exchange, step.guard, verdict);
}

/** Ends the request's way: the exchange's response becomes the verdict's, and the decision is kept for the event. */
export function settle(exchange: GatewayExchange, guard: string, verdict: Denial | Answer): void {
  discard(exchange.response);
  const { reason } = verdict;
  if (verdict.kind === "respond") {
    exchange.response = verdict.response;
    exchange.decision = { guard, outcome: "answered", problem: undefined, reason };
    return;
  }
  exchange.response = toProblemResponse(verdict, exchange);
  const outcome = exchange.response.status >= 500 ? "failed" : "denied";
  exchange.decision = { guard, outcome, problem: verdict.problem, reason };
}

function report(exchange: GatewayExchange, guard: string, verdict: Denial): void {
  exchange.reports.push({ guard, outcome: "would-have-denied", problem: verdict.problem, reason: verdict.reason });
}

/** A body that will not be sent is let go, or its upstream connection would wait for a reader for ever. */
function discard(response: GatewayResponse): void {
  const { body } = response;
  if (body === null || body instanceof Uint8Array) return;
  void body[Symbol.asyncIterator]().return?.();
}

/**
 * Report-only response guards see a copy: what they change is not what is sent. The bytes are copied too, since guards
 * share what they parse by the very bytes, and one that takes members out of its copy must not take them from the others.
 */
function setAside(exchange: GatewayExchange): GatewayResponse {
  const before = exchange.response;
  const { headers, body } = before;
  exchange.response = { ...before, headers: headers.clone(), body: body instanceof Uint8Array ? body.slice() : body };
  return before;
}

function restore(exchange: GatewayExchange, before: GatewayResponse): void {
  const { response } = exchange;
  const changed =
    response.status !== before.status ||
    response.headers.flat.join("\n") !== before.headers.flat.join("\n") ||
    !sameBytes(response.body, before.body);
  if (changed) exchange.note({ guard: "report", event: "response.would-have-changed", reason: "report-only guard" });
  // A stream that the guard read is gone, so its own reading of it is kept; a whole body is restored.
  if (before.body !== null && !(before.body instanceof Uint8Array)) before.body = response.body;
  exchange.response = before;
}

function sameBytes(one: GatewayResponse["body"], other: GatewayResponse["body"]): boolean {
  if (!(one instanceof Uint8Array) || !(other instanceof Uint8Array)) return true;
  return Buffer.compare(one, other) === 0;
}
