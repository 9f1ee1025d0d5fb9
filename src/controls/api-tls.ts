import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiTls = defineControl({
  id: "api-tls",
  area: "api",
  title: "Every hop of every API call is encrypted, and clients are offered TLS 1.3 and nothing obsolete.",
  why:
    "Anyone on the same network can read or alter a call that travels in the clear, and the session token in it " +
    "works for them too. A redirect from http to https comes too late for an API: the client has already sent the " +
    "token when the redirect arrives.",
  remediation:
    "Terminate TLS at the gateway, whose floor is TLS 1.3 and whose plain port redirects pages but refuses API " +
    "calls, and use `https` upstream addresses. Without Headgate, switch off TLS 1.0 and 1.1, prefer 1.3, refuse " +
    "API requests on port 80 instead of redirecting them, verify certificates on the way to the backend, and " +
    "renew them automatically.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "API8:2023",
    "V3.4.1",
    "V4.1.2",
    "V12.1.1",
    "V12.1.2",
    "V12.2.1",
    "V12.2.2",
    "V12.3.1",
    "V14.2.1",
    "CWE-295",
    "CWE-319",
    "CWE-326",
    "CWE-327",
    "CWE-757",
    "WSTG-CRYP-01",
    "RFC 8446",
    "Transport_Layer_Security_Cheat_Sheet",
  ),
});
