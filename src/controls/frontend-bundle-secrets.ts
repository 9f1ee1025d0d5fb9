import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const frontendBundleSecrets = defineControl({
  id: "frontend-bundle-secrets",
  area: "frontend",
  title: "Client bundles hold no secrets, no server code, and no decision that protects anything.",
  why:
    "Anyone can open a bundle or its source map, read the key or internal address left inside, and flip the " +
    "`isAdmin` that was meant to guard a screen. A rule that is checked only in the browser is a suggestion, and " +
    "server code that slips into the client graph takes its secrets along.",
  remediation:
    "Decide on the server: every check in the client needs an `access` rule on the route that it protects, and " +
    "every secret belongs in `credential` on an upstream. Mark server modules so that importing them into client " +
    "code breaks the build, give no secret a public environment prefix, and keep source maps off the public site.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "API2:2023",
    "API3:2023",
    "V2.2.2",
    "V3.5.7",
    "V8.3.1",
    "V13.4.1",
    "V14.3.3",
    "CWE-312",
    "CWE-540",
    "CWE-602",
    "CWE-615",
    "WSTG-INFO-05",
  ),
});
