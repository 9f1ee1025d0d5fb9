/**
 * Bundles an entry as a frontend's own build would: for a page, where `headgate/browser` is the browser's side, or for a
 * server, where it is Node's. Svelte components are compiled on the way.
 *
 * ```ts
 * const script = await bundle(`import { safeHtml } from "headgate/browser"; …`, "page");
 * ```
 */
import { fileURLToPath } from "node:url";
import { compile } from "svelte/compiler";
import { build, type Plugin } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = "\0entry.js";

/** The text of one ES module. */
export async function bundle(source: string, side: "page" | "server"): Promise<string> {
  const browser = side === "page" ? "src/browser/safe-html.ts" : "src/sanitize/server.ts";
  const names = {
    "headgate/browser": browser,
    "headgate/react": "src/browser/react.ts",
    "headgate/vue": "src/browser/vue.ts",
    "headgate/svelte": "src/browser/svelte.ts",
  };
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    mode: "production",
    define: side === "page" ? { "process.env.NODE_ENV": '"production"' } : {},
    resolve: { alias: Object.entries(names).map(([find, file]) => ({ find, replacement: `${root}${file}` })) },
    plugins: [virtualEntry(source), svelteComponents(side)],
    build: {
      write: false,
      minify: false,
      target: "es2022",
      ssr: side === "server",
      rolldownOptions: { input: entry, output: { codeSplitting: false }, preserveEntrySignatures: "strict" },
    },
  });
  const one = Array.isArray(result) ? result[0] : result;
  if (!one || !("output" in one)) throw new Error("nothing was bundled");
  return one.output[0].code;
}

function virtualEntry(source: string): Plugin {
  return {
    name: "entry",
    resolveId: (id) => (id === entry ? id : undefined),
    load: (id) => (id === entry ? source : undefined),
  };
}

function svelteComponents(side: "page" | "server"): Plugin {
  return {
    name: "svelte-components",
    // The published file names the compiled module beside it.
    resolveId: (id, importer) =>
      id.endsWith("/container.js") && importer?.endsWith(".svelte") ? `${root}src/lib/html/container.ts` : undefined,
    transform(code, id) {
      if (!id.endsWith(".svelte")) return undefined;
      return compile(code, { generate: side === "page" ? "client" : "server", filename: id }).js;
    },
  };
}
