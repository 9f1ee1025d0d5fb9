import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const secretsLeastPrivilege = defineControl({
  id: "secrets-least-privilege",
  area: "secrets",
  title: "Each secret can be read only by those who need it and permits only what they do with it.",
  why:
    "A pipeline step from a third party, or a build of a stranger's pull request, can read every secret that is " +
    "in reach and send it away. How far that goes depends on what the stolen token may do: a write token for the " +
    "whole organisation turns one bad dependency into a takeover.",
  remediation:
    "Give each upstream its own `credential`, scoped to the operations that its routes use. In CI, grant tokens " +
    "read access by default and more per job, bind production secrets to a protected environment, run untrusted " +
    "changes without secrets, pin third-party actions to a commit, and exchange short-lived identities instead of " +
    "storing keys.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "V13.2.2",
    "V13.3.2",
    "CWE-250",
    "CWE-269",
    "CWE-272",
    "CWE-732",
    "CICD-SEC-2",
    "CICD-SEC-5",
    "CICD-SEC-6",
    "CI_CD_Security_Cheat_Sheet",
  ),
});
