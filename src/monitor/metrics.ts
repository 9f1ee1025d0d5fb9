import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
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
  const duration = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Time from the request's arrival to the end of its answer.",
    labelNames: ["http_request_method", "http_response_status_code", "http_route"] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    registers: [registry],
  });
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
  // One bound observer for each set of labels: looking it up is cheaper than hashing the labels again.
  const observers = new Map<string, (seconds: number) => void>();

  function observe({ method, status, route, durationMs }: ExchangeEvent): void {
    const known = knownMethods.has(method) ? method : "_OTHER";
    const key = `${known} ${status} ${route}`;
    let observer = observers.get(key);
    if (!observer) {
      const bound = duration.labels(known, String(status), route);
      observers.set(key, (observer = (seconds) => bound.observe(seconds)));
    }
    observer(durationMs / 1000);
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
