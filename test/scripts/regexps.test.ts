import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { collectRegexps } from "../../scripts/collect-regexps.ts";

describe("the expressions of a file", () => {
  const collect = (text: string) =>
    collectRegexps("x.ts", text).map(({ source, flags, line }) => [line, source, flags]);

  test("are its literals", () => expect(collect("\nconst a: RegExp = /a+/gi;")).toEqual([[2, "a+", "gi"]]));

  test("and what is built of constant texts", () => {
    const text = 'const part = "b" + "c";\nconst a = new RegExp(`^${part}+$`, "u");\nRegExp("d");';
    expect(collect(text)).toEqual([
      [2, "^bc+$", "u"],
      [3, "d", ""],
    ]);
  });

  test("texts that are not constant are told as such", () => {
    expect(collect("export const f = (x: string) => new RegExp(x);")).toEqual([[1, undefined, ""]]);
  });

  test("nothing in comments and texts is one", () =>
    expect(collect('// /a+/\nconst a = "/b+/"; /* /c/ */')).toEqual([]));
});

function check(code: string) {
  const folder = mkdtempSync(join(tmpdir(), "headgate-regexps-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "judged.ts"), code);
  return spawnSync(process.execPath, ["scripts/regexps.ts", join(folder, "*.ts")], { encoding: "utf8" });
}

test("the check names an expression that can be kept busy, with what does it", () => {
  const { status, stdout } = check("export const slow = /^(a+)+$/;");
  expect(status).toBe(1);
  expect(stdout).toContain("judged.ts:1 /^(a+)+$/\n    exponential time, for example on 'a'");
});

test("the check has nothing against a linear one", () => {
  expect(check("export const quick = /^[a-z]{1,9}:$/;").stdout).toMatch(
    /^1 regular expressions: 0 that can be kept busy/,
  );
});
