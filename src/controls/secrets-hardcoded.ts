import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const secretsHardcoded = defineControl({
  id: "secrets-hardcoded",
  area: "secrets",
  title: "Neither the source code nor its history contains a working key, password or token.",
  why:
    "A secret in a repository is known to everyone who ever cloned it, to every build machine, and to the world " +
    "on the day the repository becomes public. Deleting the line does not help, because the old commit keeps it, " +
    "and automated searches of public code find it within minutes.",
  remediation:
    'Refer to secrets instead of writing them: `secret("vault://…")` in the policy, an environment variable in ' +
    "code. When one is found, rotate it first, then remove it from the code, and rewrite history last if at all; " +
    "scan the tree and the full history in CI, and scan commits before they are pushed.",
  severity: "critical",
  proof: "automatic",
  references: cite("V13.3.1", "CWE-259", "CWE-321", "CWE-540", "CWE-798", "Secrets_Management_Cheat_Sheet"),
});
