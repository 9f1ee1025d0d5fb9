import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const monitoringIncidentPlan = defineControl({
  id: "monitoring-incident-plan",
  area: "monitoring",
  title:
    "A written incident plan names people, decisions and first steps, and was reviewed and rehearsed within its " +
    "own deadline.",
  why:
    "In the first hour of an intrusion nobody has time to find out who may switch off a system, revoke a key or " +
    "inform customers. Every hour of that search belongs to the attacker, and legal deadlines for notification " +
    "run meanwhile.",
  remediation:
    "Keep the plan in the repository with an owner, contacts, a severity scale, the steps to contain each likely " +
    "incident and the dates of the last and the next review; keep a copy where it can be read while your systems " +
    "are down. Rehearse it at least once a year, correct it afterwards, and publish a `security.txt` with an " +
    "expiry date, so that finders can reach you.",
  severity: "medium",
  proof: "attested",
  references: cite("SP 800-61r3", "SP 800-218", "RFC 9116", "Vulnerability_Disclosure_Cheat_Sheet"),
});
