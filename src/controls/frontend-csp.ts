import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const frontendCsp = defineControl({
  id: "frontend-csp",
  area: "frontend",
  title: "Every page enforces a content security policy under which an injected script does not run.",
  why:
    "One missed escape is enough to plant a script; the policy decides whether the browser obeys it. With " +
    "`'unsafe-inline'`, a host wildcard or a report-only header it does, and the last barrier between a template " +
    "bug and a stolen account is gone.",
  remediation:
    "Serve pages with a policy built on a fresh nonce per response or on hashes, with `object-src 'none'`, " +
    "`base-uri 'none'` and a `frame-ancestors` list, and without `'unsafe-inline'` or `'unsafe-eval'`; give API " +
    "answers `default-src 'none'`. Start in report-only mode if you must, but set a date for enforcement, collect " +
    "the reports, and never cache a page together with its nonce.",
  severity: "medium",
  proof: "automatic",
  references: cite(
    "API8:2023",
    "V3.4.3",
    "V3.4.6",
    "V3.4.7",
    "CWE-693",
    "CWE-1021",
    "WSTG-CONF-12",
    "Content_Security_Policy_Cheat_Sheet",
  ),
});
