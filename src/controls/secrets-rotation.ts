import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const secretsRotation = defineControl({
  id: "secrets-rotation",
  area: "secrets",
  title: "Every secret has an owner, a longest age and a proven way to be replaced, and none is older than that age.",
  why:
    "A stolen key works until it is replaced, and many thefts are never noticed, so a key that lives for years " +
    "gives an intruder years. A team that has never rotated finds out during an incident which systems break.",
  remediation:
    'Keep the value out of the policy with `secret("vault://…")`, so that a new version needs no change of the ' +
    "policy, and write down an owner and a longest age for each. Let the manager rotate on a schedule, accept old " +
    "and new together for a short grace period, publish the next signing key before it is used, and prefer " +
    "credentials that expire by themselves.",
  severity: "medium",
  proof: "automatic",
  references: cite("V13.1.4", "V13.3.4", "CWE-324", "Key_Management_Cheat_Sheet"),
});
