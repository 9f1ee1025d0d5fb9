import { z } from "zod";
import { dropBodyFacts } from "../lib/body-facts.ts";
import { bytesOption } from "../lib/bytes.ts";
import { rewriteDocument } from "../lib/html/rewrite-document.ts";
import type { ElementRule } from "../lib/html/rewriter.ts";
import { plainValue } from "../lib/html/start-tag.ts";
import { type CompiledSchema, compileSchema, schemaOption } from "../lib/schema.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";

const options = z.strictObject({
  elements: z
    .record(z.string().min(1), schemaOption)
    .meta({ description: "The schema of each JSON script element of the page, by its `id`." }),
  maxBytes: bytesOption("1mb").meta({ description: "The largest element that is judged; a larger one is emptied." }),
});

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/**
 * Lets out of the data in a page what its schema declares. A renderer that passes whole records on to the browser puts
 * purchase prices and other people's addresses into the source of the page, where nobody sees them who only looks at it.
 *
 * It reads `<script type="application/json">`. An element that no schema knows, or that does not fit its own, is emptied:
 * a page is sent while it is read, and can no longer be refused.
 */
export const pageData = defineGuard({
  name: "page-data",
  key: "pageData",
  summary: "Takes out of the JSON in a page what its schema does not declare.",
  controls: ["frontend-bundle-secrets"],
  applies: "declared",
  options,
  stage: () => "content",
  describe: ({ elements }) => `of the data in pages, what is declared for ${Object.keys(elements).join(", ")} leaves`,
  create({ elements, maxBytes }, env) {
    const schemas = new Map(
      Object.entries(elements).map(([id, schema]) => [id, compileSchema(schema, { unknownKeys: "strip" })]),
    );
    return {
      decodes: true,
      response(exchange) {
        const { response } = exchange;
        const { headers, body } = response;
        const isPage = /^text\/html\b|^application\/xhtml\+xml\b/i.test(headers.get("content-type") ?? "text/html");
        if (response.origin !== "upstream" || !isPage || body === null || env.mode === "report") return undefined;
        dropBodyFacts(headers);
        const rewritten = rewriteDocument(body, [dataRule(exchange, schemas, maxBytes)], undefined);
        if (!(rewritten instanceof Promise)) response.body = rewritten;
        return undefined;
      },
    };
  },
});

function dataRule(exchange: Exchange, schemas: ReadonlyMap<string, CompiledSchema>, maxBytes: number): ElementRule {
  return {
    elements: ["script"],
    edit(tag) {
      if (plainValue(tag, "type")?.trim().toLowerCase() !== "application/json") return undefined;
      const id = plainValue(tag, "id");
      const schema = id === undefined ? undefined : schemas.get(id);
      return { content: { maxBytes, replace: (content) => judge(exchange, schema, content) } };
    },
  };
}

function judge(exchange: Exchange, schema: CompiledSchema | undefined, content: Uint8Array): Uint8Array {
  try {
    const judged = schema?.parse(JSON.parse(decoder.decode(content)));
    // A text in the data must not be able to end the element that it stands in.
    if (judged?.ok) return encoder.encode(JSON.stringify(judged.value).replaceAll("<", "\\u003c"));
  } catch {
    // Not JSON, so nothing that a schema could have declared.
  }
  const reason = schema ? "the data of a page does not fit its schema" : "no schema knows the data of a page";
  exchange.note({ guard: "page-data", event: "data.withheld", reason });
  return encoder.encode("null");
}
