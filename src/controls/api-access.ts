import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiAccess = defineControl({
  id: "api-access",
  area: "api",
  title:
    "Every endpoint establishes who is calling and grants only the actions, objects and fields that caller may " +
    "use.",
  why:
    "An attacker replaces the id in a request with someone else's, or calls an endpoint that only the official " +
    "frontend was expected to call, and the backend answers because it never asks whose data it is. One ordinary " +
    "account is then enough to read or change the data of every customer.",
  remediation:
    'Give each route an `access` rule: `owner("userId")` where an object belongs to somebody, `scope` or `role` ' +
    "for functions, `anyone()` only where the data is public; name an owner in the `response` schema, so that " +
    "foreign objects are stopped even when the backend returns them. Without Headgate, verify signature, " +
    "algorithm, issuer, audience and lifetime of every token on the server, deny by default, and compare the " +
    "owner of each loaded object with the caller.",
  severity: "critical",
  proof: "automatic",
  references: cite(
    "API1:2023",
    "API2:2023",
    "API3:2023",
    "API5:2023",
    "V7.4.1",
    "V8.2.1",
    "V8.2.2",
    "V8.2.3",
    "V8.3.1",
    "V8.4.1",
    "V9.1.1",
    "V9.1.2",
    "V9.1.3",
    "V9.2.1",
    "V9.2.2",
    "V9.2.3",
    "V9.2.4",
    "CWE-285",
    "CWE-287",
    "CWE-306",
    "CWE-347",
    "CWE-639",
    "CWE-862",
    "CWE-863",
    "CWE-915",
    "WSTG-APIT-02",
    "WSTG-APIT-03",
    "WSTG-APIT-04",
    "WSTG-ATHZ-04",
    "WSTG-SESS-10",
    "RFC 8725",
  ),
});
