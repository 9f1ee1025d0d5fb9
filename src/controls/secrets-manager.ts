import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const secretsManager = defineControl({
  id: "secrets-manager",
  area: "secrets",
  title:
    "In production every secret comes from a secrets manager that controls, records and can withdraw access to " +
    "it.",
  why:
    "Secrets kept in files, shared notes or plain pipeline variables are copied without trace, so nobody can tell " +
    "who holds one or take it back. After an intrusion the only safe course is then to replace everything at " +
    "once, under pressure.",
  remediation:
    'Point each secret at its manager with `secret("vault://…")`; the gateway does not start while a reference is ' +
    "unresolved. Without Headgate, fetch secrets at run time from a vault or a cloud secret manager with an " +
    "identity issued to the workload, instead of a stored key, and leave file and pipeline variables to " +
    "development.",
  severity: "medium",
  proof: "automatic",
  references: cite("V13.3.1", "V13.3.3", "CWE-256", "CWE-312", "CWE-522", "Secrets_Management_Cheat_Sheet"),
});
