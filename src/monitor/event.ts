import type { Exchange, Note, Principal } from "../guards/contract/exchange.ts";
import type { ProblemId } from "../problem.ts";

/** What a guard decided about an exchange, or would have decided. */
export interface EventDecision {
  readonly guard: string;
  readonly problem: ProblemId | undefined;
  readonly reason: string;
}

/** One exchange, once it is over: what the log, the metrics and later the detectors see. */
export interface ExchangeEvent {
  readonly event: "request.allowed" | "request.answered" | "request.denied" | "request.failed";
  /** Milliseconds since the epoch when the request came. */
  readonly time: number;
  readonly id: string;
  readonly method: string;
  /** The route's template, never the path: a path holds ids, and a label of every id is no label. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly client: string;
  /** `issuer subject` of whoever was proven to call. */
  readonly principal: string | undefined;
  readonly decision: EventDecision | undefined;
  /** What report-only guards would have denied. */
  readonly reports: readonly EventDecision[];
  readonly notes: readonly Note[];
}

/** What an event is made of: the gateway's exchange fits. */
export interface FinishedExchange extends Pick<
  Exchange,
  "id" | "startedAt" | "method" | "route" | "client" | "principal" | "response"
> {
  readonly decision:
    | (EventDecision & { readonly outcome: "denied" | "answered" | "failed" | "would-have-denied" })
    | undefined;
  readonly reports: readonly EventDecision[];
  readonly notes: readonly Note[];
}

/** The event of an exchange that is over. */
export function toEvent(exchange: FinishedExchange, now: number): ExchangeEvent {
  const { decision } = exchange;
  return {
    event: decision
      ? (`request.${decision.outcome === "would-have-denied" ? "denied" : decision.outcome}` as const)
      : "request.allowed",
    time: exchange.startedAt,
    id: exchange.id,
    method: exchange.method,
    route: exchange.route.id,
    status: exchange.response.status,
    durationMs: now - exchange.startedAt,
    client: exchange.client.address,
    principal: nameOf(exchange.principal),
    decision: decision && { guard: decision.guard, problem: decision.problem, reason: decision.reason },
    reports: exchange.reports,
    notes: exchange.notes,
  };
}

function nameOf(principal: Principal): string | undefined {
  return principal.kind === "anonymous" ? undefined : `${principal.issuer} ${principal.subject}`;
}
