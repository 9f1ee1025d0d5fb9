/** The documentation's policies are policies: each one that stands whole in a page is judged by the built program. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = ["README.md", ...readdirSync(join(root, "docs/guide")).map((name) => `docs/guide/${name}`)];
const policies = pages.flatMap((page) => wholePoliciesOf(page).map((text, index) => ({ page, index, text })));

function wholePoliciesOf(page: string): string[] {
  const blocks = readFileSync(join(root, page), "utf8").matchAll(/^( *)```ts\n([\s\S]*?)^ *```$/gm);
  return [...blocks]
    .map(([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""))
    .filter((text) => text.includes("export default definePolicy("));
}

test("there are policies to judge", () => expect(policies.length).toBeGreaterThanOrEqual(2));

test.each(policies)("the policy of $page ($index) is in order", async ({ text }) => {
  const folder = mkdtempSync(join(root, "test/docs/policy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "headgate.config.ts"), text);
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, [join(root, "dist/cli/main.js"), "check"], { cwd: folder }, (_error, out, err) => resolve(out + err));
  });
  expect(said).toContain("is in order");
});

test("links between pages lead somewhere", () => {
  const broken = [...pages, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].flatMap((page) => {
    const links = [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)];
    return links.flatMap(([, target = ""]) => {
      const file = join(root, page, "..", target);
      try {
        readdirSync(file);
        return [];
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? [] : [`${page}: ${target}`];
      }
    });
  });
  expect(broken).toEqual([]);
});
