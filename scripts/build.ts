import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync } from "node:fs";

/** Compiles `src/` to `dist/` with plain `tsc`: what is published can be read and compared. */
rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
for (const component of ["safe-html.svelte", "json-ld.svelte"])
  copyFileSync(`src/browser/${component}`, `dist/browser/${component}`);
copyFileSync("src/policy/policy.schema.json", "dist/policy/policy.schema.json");
chmodSync("dist/cli/main.js", 0o755);
