import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { renderClientScript } from "./client-script.ts";
import { renderRegistry, unitFolders } from "./registries.ts";

/**
 * Writes what is derived from the units: registries and the client script first, since everything else imports them, then
 * the policy's JSON Schema and the reference docs. With `--check` it writes nothing and fails when a committed file is stale.
 */
const check = process.argv.includes("--check");
const stale: string[] = [];

function put(file: string, text: string): void {
  const present = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (present === text) return;
  if (check) {
    stale.push(file);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`wrote ${file}\n`);
}

for (const folder of unitFolders) put(`${folder.folder}/registry.gen.ts`, renderRegistry(folder));
put("src/browser/client.gen.ts", await renderClientScript());

const { renderReference } = await import("./reference.ts");
for (const [file, text] of Object.entries(renderReference())) put(file, text);

if (stale.length > 0) {
  process.stderr.write(`stale, run \`npm run gen\`:\n${stale.map((file) => `  ${file}\n`).join("")}`);
  process.exitCode = 1;
}
