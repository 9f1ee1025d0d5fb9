import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

test("a scaffolded guard is registered, has the right types and a test that passes", () => {
  const copy = mkdtempSync(join(tmpdir(), "headgate-new-"));
  for (const part of [
    "src",
    "scripts",
    "test",
    "lab",
    "docs",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
    ".oxfmtrc.json",
  ]) {
    cpSync(part, join(copy, part), { recursive: true });
  }
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
    return { status, said: stdout + stderr };
  };
  expect(run("scripts/new.ts", "guard", "ip-allow-list")).toMatchObject({ status: 0 });
  expect(readFileSync(join(copy, "src/guards/registry.gen.ts"), "utf8")).toContain("ipAllowList");
  expect(run("node_modules/typescript/bin/tsc", "--noEmit", "-p", ".")).toEqual({ status: 0, said: "" });
  expect(run("node_modules/vitest/vitest.mjs", "run", "src/guards/ip-allow-list.test.ts").said).toContain(
    "8 passed, 0 failed",
  );
}, 120_000);
