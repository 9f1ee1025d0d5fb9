import { collectDefaultMetrics, Counter, Registry } from "prom-client";
import { createDurationHistogram } from "./duration-histogram.ts";
import type { ExchangeEvent } from "./event.ts";

/** Prometheus metrics of the gateway. Labels come from the policy and from closed lists, never from a request. */
export interface Metrics {
  record(event: ExchangeEvent): void;
  /** The text exposition format. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Names follow OpenTelemetry's semantic conventions, as its Prometheus exporter writes them. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = createDurationHistogram(
    registry,
    "http_server_request_duration_seconds",
    "Time from the request's arrival to the end of its answer.",
  );
  const decisions = new Counter({
    name: "headgate_policy_decision_total",
    help: "Decisions about requests, by the guard that made them.",
    labelNames: ["route", "decision", "guard", "problem"] as const,
    registers: [registry],
  });
  const noted = new Counter({
    name: "headgate_event_total",
    help: "Events beside the decision: elements withheld, errors masked.",
    labelNames: ["guard", "event"] as const,
    registers: [registry],
  });
  function observe({ method, status, route, durationMs }: ExchangeEvent): void {
    const known = knownMethods.has(method) ? method : "_OTHER";
    duration.observe(known, status, route, durationMs / 1000);
  }

  return {
    record(event) {
      observe(event);
      const { route, decision } = event;
      if (decision)
        decisions.inc({ route, decision: event.event, guard: decision.guard, problem: decision.problem ?? "none" });
      for (const { guard, problem } of event.reports) {
        decisions.inc({ route, decision: "request.would-have-denied", guard, problem: problem ?? "none" });
      }
      for (const note of event.notes) noted.inc({ guard: note.guard, event: note.event }, note.count ?? 1);
    },
    async expose() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
