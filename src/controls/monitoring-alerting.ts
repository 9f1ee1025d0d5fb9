import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const monitoringAlerting = defineControl({
  id: "monitoring-alerting",
  area: "monitoring",
  title: "Suspicious activity reaches a person who can act while it is still going on.",
  why:
    "A burst of failed logins or of refused objects is an attack in progress, and in a log that nobody reads it " +
    "is merely history. A rule on a metric that nothing emits, or one without a receiver, looks like protection " +
    "and stays silent.",
  remediation:
    "Define a threshold and a receiver for authentication failures, access denials, limit hits and server errors, " +
    "based on the events and metrics that the gateway emits or on your own. Trigger each rule on purpose, see the " +
    "message arrive, and repeat the exercise after every change of the rules or of the people on call.",
  severity: "medium",
  proof: "automatic",
  references: cite("V6.3.5", "V16.4.3", "CWE-223", "CWE-778"),
});
