import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const frontendHeaders = defineControl({
  id: "frontend-headers",
  area: "frontend",
  title:
    "Each kind of response carries the headers that make browsers keep to https, declared types and declared " +
    "frames.",
  why:
    "Without them a browser accepts a first visit over plain http, guesses that an upload is a script, or draws " +
    "the page inside a hostile frame where a click lands on a hidden button. Each gap gives an attacker on the " +
    "network or on another site a way in that the server could have closed in one line.",
  remediation:
    "The gateway sets them on every response, denials and errors included: HSTS for at least a year, `nosniff` " +
    "with a correct content type, `frame-ancestors`, a referrer policy, an opener policy on pages, and `no-store` " +
    "on personal data. Without Headgate, set them once at the outermost layer you control, remove version " +
    "banners, and check that the CDN does not send a second, contradictory copy.",
  severity: "medium",
  proof: "automatic",
  references: cite(
    "API8:2023",
    "V3.4.1",
    "V3.4.4",
    "V3.4.5",
    "V3.4.6",
    "V3.4.8",
    "V4.1.1",
    "V14.3.2",
    "CWE-16",
    "CWE-319",
    "CWE-525",
    "CWE-693",
    "CWE-1021",
    "WSTG-CONF-07",
    "RFC 6797",
    "HTTP_Headers_Cheat_Sheet",
  ),
});
