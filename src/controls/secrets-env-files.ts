import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const secretsEnvFiles = defineControl({
  id: "secrets-env-files",
  area: "secrets",
  title:
    "No environment file with real values is tracked by version control, packed into an artefact or served to the " +
    "web.",
  why:
    "An environment file lists all credentials of a system in one place, and bots request `/.env` from every host " +
    "they can find. One commit, one container layer or one careless static folder gives away database, payment " +
    "and content system together.",
  remediation:
    "Ignore `.env*` in version control, in container builds and in published packages, and commit only an example " +
    "with empty values; the gateway serves no path that the policy does not declare. If a file was ever tracked, " +
    "ignoring it changes nothing: untrack it, treat each value as leaked, and rotate it.",
  severity: "critical",
  proof: "automatic",
  references: cite("V13.4.1", "V13.4.7", "CWE-312", "CWE-527", "CWE-538", "CWE-552", "WSTG-CONF-04"),
});
