import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { environment, storefrontFolder } from "./environment.ts";

/** A file that the build puts under /assets/. */
export type Asset = { readonly type: string; readonly body: string };

const clientFolder = join(storefrontFolder, "client");

/**
 * Builds the client scripts as a bundler does: comments out, `process.env.NAME` replaced by its value, a source map for
 * each script, a manifest of them all.
 */
export function buildAssets(): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const fileName of readdirSync(clientFolder)) {
    const source = readFileSync(join(clientFolder, fileName), "utf8");
    assets.set(fileName, {
      type: "text/javascript",
      body: `${buildScript(source)}//# sourceMappingURL=${fileName}.map\n`,
    });
    // frontend-bundle-secrets: the map gives the sources back, with the comments that were not meant for customers.
    assets.set(`${fileName}.map`, { type: "application/json", body: buildSourceMap(fileName, source) });
  }
  const scripts = [...assets.keys()].filter((name) => !name.endsWith(".map"));
  assets.set("manifest.json", { type: "application/json", body: JSON.stringify(scripts) });
  return assets;
}

function buildScript(source: string): string {
  const isComment = /^\s*(\/\/|\/\*\*?|\*)/;
  const lines = source.split("\n").map((line) => (isComment.test(line) ? "" : line));
  // api-token-exposure: whatever the code names is put in, and the prefix PUBLIC_ is the only thing that is looked at.
  return lines.join("\n").replaceAll(/process\.env\.(PUBLIC_\w+)/g, (_, name: string) => {
    return JSON.stringify(environment[name] ?? null);
  });
}

/** Lines stay where they were, so each one maps to itself: "AACA" moves on by one line (source map revision 3). */
function buildSourceMap(fileName: string, source: string): string {
  const lines = source.split("\n").length;
  return JSON.stringify({
    version: 3,
    file: fileName,
    sourceRoot: "",
    sources: [`../client/${basename(fileName)}`],
    sourcesContent: [source],
    names: [],
    mappings: ["AAAA", ...Array.from({ length: lines - 1 }, () => "AACA")].join(";"),
  });
}
