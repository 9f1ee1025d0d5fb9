import { bodyOption, type BodyKinds, readBodyOption } from "../lib/body-option.ts";
import { type BodyJudge, createBodyJudges } from "../lib/judge-body.ts";
import { isJson, isUtf8, parseMediaType } from "../lib/media-type.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";
import { readBody, writeBody } from "./parts/read-body.ts";

/**
 * Judges the body. It is read within limits, parsed strictly, judged by its schema, and written out anew: nothing that is
 * not valid reaches an upstream, and what the upstream parses is what was judged. Unknown members are refused, which is
 * what ends mass assignment.
 */
export const body = defineGuard({
  name: "body",
  key: "body",
  summary: "Judges the request body: its type, size, form and schema; a route that declares none takes none.",
  controls: ["api-input"],
  applies: "always",
  options: bodyOption,
  stage: () => "content",
  describe(option) {
    const kinds = readBodyOption(option);
    if (kinds === "none") return "no body";
    if (kinds === "any") return "any body, unjudged";
    const named = (["json", "form", "multipart", "raw"] as const).filter((kind) => kinds[kind] !== undefined);
    return `the body is ${named.join(" or ")} and fits its schema`;
  },
  create(option) {
    const kinds = readBodyOption(option);
    if (kinds === "any") return {};
    if (kinds === "none") return { request: refuseAny };
    const judgeFor = createBodyJudges(kinds);
    return {
      request(exchange): Verdict | Promise<Verdict> {
        if (kinds.maxBytes !== undefined) exchange.body.limit(kinds.maxBytes);
        if (!exchange.body.present) return refuseMissing(kinds);
        const contentType = exchange.header("content-type") ?? "";
        const mediaType = parseMediaType(contentType);
        if (!mediaType) return deny("unsupported-media-type", "the request names no content type, or a malformed one");
        if (isJson(mediaType) && !isUtf8(mediaType))
          return deny("unsupported-media-type", "the JSON body is not in UTF-8");
        const judge = judgeFor(mediaType);
        if (judge === undefined) return deny("unsupported-media-type", "the route does not take this content type");
        return judge === "raw" ? PASS : readAndJudge(exchange, judge, contentType);
      },
    };
  },
});

async function readAndJudge(exchange: Exchange, judge: BodyJudge, contentType: string): Promise<Verdict> {
  const bytes = await readBody(exchange);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const judged = judge(bytes, contentType);
  if (!judged.ok) return deny(judged.problem, judged.reason, judged.fields ? { fields: judged.fields } : {});
  exchange.parsedBody = judged.value;
  writeBody(exchange, judged.bytes);
  exchange.upstreamRequest.headers.set("content-type", judged.contentType);
  return PASS;
}

function refuseAny(exchange: Exchange): Verdict {
  if (!exchange.body.present) return PASS;
  return deny("unsupported-media-type", "the route declares no body");
}

/** Only a route that takes raw bytes can be content with none; a schema has to be met. */
function refuseMissing(kinds: BodyKinds): Verdict {
  const judged = kinds.json !== undefined || kinds.form !== undefined || kinds.multipart !== undefined;
  return judged ? deny("malformed-body", "the request has no body") : PASS;
}
