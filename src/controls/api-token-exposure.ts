import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiTokenExposure = defineControl({
  id: "api-token-exposure",
  area: "api",
  title: "No credential that is meant for a server can be read in anything a browser receives.",
  why:
    "Whatever is sent to a browser is published: pages, scripts, source maps, inline state and URLs are one click " +
    "away from every visitor. A management or preview token of the content system found there lets a stranger " +
    "edit the site or read unpublished work, with no flaw to exploit and no attack to notice.",
  remediation:
    'Let the gateway hold the token: set `credential: secret("vault://…")` on the upstream, so that the frontend ' +
    "calls its own origin and never sees the value. Without Headgate, call the backend from server code only, " +
    "give browsers nothing but keys that their vendor designed to be public, and revoke every token that has ever " +
    "been shipped.",
  severity: "critical",
  proof: "automatic",
  references: cite(
    "API2:2023",
    "API8:2023",
    "V3.5.7",
    "V13.4.7",
    "V14.2.1",
    "CWE-200",
    "CWE-522",
    "CWE-540",
    "CWE-615",
    "Secrets_Management_Cheat_Sheet",
  ),
});
