import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const monitoringLogging = defineControl({
  id: "monitoring-logging",
  area: "monitoring",
  title:
    "Security events of frontend and backend reach a protected log with who, what, when, where and outcome, and " +
    "without secrets.",
  why:
    "What is not recorded cannot be noticed, limited or explained afterwards: an intruder who leaves no trace " +
    "stays. A log that anyone can forge with a line break, or that stores passwords and tokens, becomes a tool of " +
    "the attack.",
  remediation:
    "The gateway writes structured, redacted records under a request id; send them to a store that the " +
    "application cannot alter, and send browser policy reports there too. Without Headgate, log authentication, " +
    "authorisation, validation and limit failures as JSON in UTC, carry one correlation id through all " +
    "components, and mask credentials before they are written.",
  severity: "medium",
  proof: "automatic",
  references: cite(
    "V16.1.1",
    "V16.2.1",
    "V16.2.2",
    "V16.2.3",
    "V16.2.4",
    "V16.2.5",
    "V16.3.1",
    "V16.3.2",
    "V16.3.3",
    "V16.3.4",
    "V16.4.1",
    "V16.4.2",
    "V16.4.3",
    "CWE-117",
    "CWE-223",
    "CWE-532",
    "CWE-778",
    "Logging_Cheat_Sheet",
  ),
});
