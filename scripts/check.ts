import { spawnSync } from "node:child_process";

/** Every check that needs no server: format, lint with import layers, types, generated files, regular expressions, dead code, the package. */
const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format", "oxfmt", "--check"],
  ["lint", "oxlint", "--type-aware"],
  ["types", "tsc", "-p", "tsconfig.json"],
  ["generated files", "node", "scripts/gen.ts", "--check"],
  ["regular expressions", "node", "scripts/regexps.ts"],
  ["dead code", "knip"],
  ["dead code in production", "knip", "--production"],
  ["package", "publint", "--strict"],
];

const failed = steps.filter(([name, command, ...args]) => {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const ok = status === 0;
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${stdout}${stderr}\n`);
  return !ok;
});

process.stdout.write(`${steps.length - failed.length} of ${steps.length} checks passed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
