/** From a frontend's repository to a gateway that runs nothing else. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-persist-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function run(cwd: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: out + err }),
    );
  });
}

const frontend = {
  "src/product.tsx": "export const query = gql`query Product($id: ID!) { product(id: $id) { ...Card } }\n${Card}`;\n",
  "src/card.graphql": "fragment Card on Product { id name maker { ...Maker } }",
  "src/maker.vue": "<script>graphql(`fragment Maker on Maker { name }`)</script>",
  "src/login.js": "const login = /* GraphQL */ `mutation Login { login { id } }`",
  "node_modules/other/x.js": "gql`{ notOurs }`",
  "dist/bundle.js": "gql`{ built }`",
};
const policy = JSON.stringify({
  site: "https://shop.example",
  upstreams: { graph: { url: "http://127.0.0.1:1" } },
  routes: [
    {
      match: "POST /graphql",
      to: "graph",
      access: { kind: "anyone" },
      graphql: { persisted: { manifest: "persisted-operations.json", trusted: "only" } },
    },
  ],
});

test("the manifest holds every operation with its fragments, under its own hash", async () => {
  const folder = folderWith({ ...frontend, "headgate.config.json": policy });
  expect(await run(folder, "graphql", "persist", ".")).toEqual({
    code: 0,
    said: "2 operations of 4 files are in persisted-operations.json\n",
  });
  const login = "mutation Login {\n  login {\n    id\n  }\n}";
  const product =
    "query Product($id: ID!) {\n  product(id: $id) {\n    ...Card\n  }\n}\n\n" +
    "fragment Card on Product {\n  id\n  name\n  maker {\n    ...Maker\n  }\n}\n\nfragment Maker on Maker {\n  name\n}";
  const idOf = (body: string) => createHash("sha256").update(body).digest("hex");
  expect(JSON.parse(readFileSync(join(folder, "persisted-operations.json"), "utf8"))).toEqual({
    format: "apollo-persisted-query-manifest",
    version: 1,
    operations: [
      { id: idOf(login), name: "Login", type: "mutation", body: login },
      { id: idOf(product), name: "Product", type: "query", body: product },
    ],
  });
  expect((await run(folder, "check")).said).toContain("is in order");
});

test("with --typename it holds what Apollo's client sends", async () => {
  const folder = folderWith(frontend);
  await run(folder, "graphql", "persist", "src", "--typename", "-o", "m.json", "--exclude", "login.js");
  const { operations } = JSON.parse(readFileSync(join(folder, "m.json"), "utf8")) as { operations: { body: string }[] };
  expect(operations.map(({ body }) => body.replaceAll(/\s+/g, " "))).toEqual([
    "query Product($id: ID!) { product(id: $id) { ...Card __typename } } " +
      "fragment Card on Product { id name maker { ...Maker __typename } __typename } " +
      "fragment Maker on Maker { name __typename }",
  ]);
});

test("what cannot be read is told, all of it, and nothing is written", async () => {
  const folder = folderWith({
    "a.ts": "gql`{ user(id: ${id}) { id } }`",
    "b.ts": "\ngql`query B { ...Missing }`",
    "c.graphql": "query C {",
    "d.ts": "gql`query D { a }`",
    "e.ts": "gql`query D { b }`",
  });
  const { code, said } = await run(folder, "graphql", "persist", ".");
  expect(code).toBe(1);
  expect(said.trim().split("\n")).toEqual([
    "a.ts:1: a value is pasted into it within braces",
    "c.graphql: Syntax Error: Expected Name, found <EOF>.",
    'e.ts:1: "D" is another one than at d.ts:1',
    'b.ts:2: no fragment is called "Missing"',
    "4 texts could not be put into the manifest; nothing was written",
  ]);
  expect(() => readFileSync(join(folder, "persisted-operations.json"))).toThrow();
});

test("a folder that is not there is a mistake of the command line, an empty one a failure", async () => {
  expect((await run(folderWith({}), "graphql", "persist", "nowhere")).code).toBe(2);
  expect((await run(folderWith({ "a.ts": "" }), "graphql", "persist", ".")).code).toBe(1);
});
