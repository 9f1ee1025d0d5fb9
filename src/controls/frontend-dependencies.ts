import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const frontendDependencies = defineControl({
  id: "frontend-dependencies",
  area: "frontend",
  title:
    "All third-party code is scanned for known vulnerabilities on every change and on a schedule, and nothing " +
    "shipped has an unaccepted one.",
  why:
    "Most of the code that runs in a modern frontend was written by strangers, and a published flaw in it often " +
    "comes with a published exploit. An attacker needs only to recognise the version that you still ship.",
  remediation:
    "Run an audit of every lockfile in CI on push and on a schedule, let it block the build, and accept an " +
    "advisory only with a reason and an expiry date. Look at what reaches browsers and servers first, then at " +
    "build tools, install from the lockfile only, and remove packages that nothing uses.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "V15.1.1",
    "V15.1.2",
    "V15.2.1",
    "V15.2.4",
    "CWE-1104",
    "CWE-1395",
    "Vulnerable_Dependency_Management_Cheat_Sheet",
    "NPM_Security_Cheat_Sheet",
  ),
});
