import { existsSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { toIdentifier } from "./registries.ts";
import { templates } from "./templates.ts";

/** Scaffolds a unit and its test: `npm run new -- guard ip-allow-list`. */
const [kind = "", name = ""] = process.argv.slice(2);
const template = Object.hasOwn(templates, kind) ? templates[kind as keyof typeof templates] : undefined;

if (!template || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  process.stderr.write(`Usage: npm run new -- <${Object.keys(templates).join("|")}> <kebab-case-name>\n`);
  process.exit(2);
}

const unit = { name, identifier: toIdentifier(name), key: toIdentifier(name) };
for (const [file, text] of Object.entries(template(unit))) {
  if (existsSync(file)) {
    process.stderr.write(`${file} exists already\n`);
    process.exit(1);
  }
  writeFileSync(file, text);
  process.stdout.write(`wrote ${file}\n`);
}
execFileSync("node", ["scripts/gen.ts"], { stdio: "inherit" });
