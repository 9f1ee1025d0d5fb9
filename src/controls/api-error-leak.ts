import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiErrorLeak = defineControl({
  id: "api-error-leak",
  area: "api",
  title:
    "Every error tells the caller what to do next and nothing about the code, the database or the network behind " +
    "it.",
  why:
    "A stack trace, an SQL message or an internal host name tells an attacker which library, table or machine to " +
    "aim at, and turns blind probing into a guided tour. It breaches nothing alone, but it shortens the next " +
    "attack considerably.",
  remediation:
    "Route the backend through the gateway, which turns upstream failures into RFC 9457 problems with a " +
    "correlation id and keeps the original for the log; declare `response` so that undeclared fields never leave. " +
    "Without Headgate, install one last-resort error boundary, run in production mode, send a generic body with " +
    "an id, and log the detail under that id.",
  severity: "medium",
  proof: "automatic",
  references: cite(
    "API8:2023",
    "V4.1.1",
    "V13.4.2",
    "V13.4.6",
    "V16.5.1",
    "V16.5.3",
    "V16.5.4",
    "CWE-209",
    "CWE-489",
    "CWE-497",
    "CWE-550",
    "WSTG-ERRH-01",
    "WSTG-ERRH-02",
    "RFC 9457",
    "Error_Handling_Cheat_Sheet",
  ),
});
