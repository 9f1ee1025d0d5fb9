import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPolicyFile, loadPolicy } from "./load.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-policy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const routes = '[{ match: "GET /", to: "backend", access: { kind: "anyone" } }]';
const policyText = (more = "") =>
  `export default { site: "https://shop.example", upstreams: { backend: { url: "http://127.0.0.1:1" } }, routes: ${routes}${more} };`;

test.each([
  ["headgate.config.mjs", policyText()],
  ["headgate.config.ts", `const site: string = "x";\n${policyText()}`],
  [
    "headgate.config.json",
    '{"site":"https://shop.example","upstreams":{"backend":{"url":"http://127.0.0.1:1"}},"routes":[{"match":"GET /","to":"backend","access":{"kind":"anyone"}}]}',
  ],
])("a policy in %s is found and loaded", async (name, text) => {
  const folder = folderWith({ [name]: text });
  const { policy, files } = await loadPolicy(findPolicyFile(undefined, folder));
  expect(policy.routes.map(({ view }) => view.id)).toEqual(["GET /"]);
  expect(files).toEqual([join(folder, name)]);
});

test.each([
  ["a syntax error", "export default {", "cannot be loaded"],
  ["an import of nothing", 'import "./missing.mjs"; export default {};', "cannot be loaded"],
  ["a module that throws", 'throw new Error("no key in the environment");', "no key in the environment"],
  ["no default export", "export const policy = {};", "no default export"],
])("%s is reported with the file's name", async (_name, text, message) => {
  const folder = folderWith({ "headgate.config.mjs": text });
  await expect(loadPolicy(join(folder, "headgate.config.mjs"))).rejects.toMatchObject({
    code: "policy-not-loadable",
    message: expect.stringContaining(message),
  });
});

test("broken JSON is reported with the file's name", async () => {
  const folder = folderWith({ "headgate.config.json": "{" });
  await expect(loadPolicy(join(folder, "headgate.config.json"))).rejects.toMatchObject({ code: "policy-not-loadable" });
});

test("a folder without a policy says which names are looked for", () => {
  expect(() => findPolicyFile(undefined, folderWith({}))).toThrow("headgate.config.ts");
  expect(() => findPolicyFile("other.ts", folderWith({}))).toThrow("there is no policy file");
});
