import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const monitoringAudits = defineControl({
  id: "monitoring-audits",
  area: "monitoring",
  title:
    "Independent penetration tests and automated audits happen on schedule, and what they find is tracked until " +
    "it is closed.",
  why:
    "Configuration drifts, routes are added, and a stack that was sound at launch acquires holes which its " +
    "builders no longer see. Without a dated test by someone else, the first outsider to look may be hostile.",
  remediation:
    "Run `headgate audit` or an equivalent scan on a schedule and keep its records; commission an external test " +
    "at least once a year and after large changes. Record date, scope, provider and a hash of each report, and " +
    "give every open finding an owner and a due date.",
  severity: "low",
  proof: "attested",
  references: cite("SP 800-115", "SP 800-218"),
});
