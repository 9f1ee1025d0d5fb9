import { type CleanedFields, cleanFields } from "../lib/clean-fields.ts";
import { dropBody } from "../lib/drop-body.ts";
import { HeadgateError } from "../lib/error.ts";
import type { FieldNode } from "../lib/field-path.ts";
import { readFragment, writeFragment } from "../lib/html-response.ts";
import { toPlainPointer } from "../lib/injection/judge-tree.ts";
import type { FieldReason } from "../lib/problem-field.ts";
import { readResponseJson, type ResponseJson, writeResponseJson } from "../lib/response-json.ts";
import { describeSanitizeOption, readSanitizeOption, sanitizeOption } from "../lib/sanitize-option.ts";
import type { Cleaner } from "../lib/sanitizer.ts";
import { readWritableBody } from "../lib/writable-body.ts";
import { problemForStatus } from "../problem.ts";
import { type Denial, deny, PASS, type Verdict } from "./contract/verdict.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";
import type { GuardEnv } from "./contract/guard-env.ts";
import { readBody, writeBody } from "./parts/read-body.ts";

const guard = "sanitize";

/**
 * Reduces HTML in declared fields to what its profile lets stay: on the way in, so that no script is stored, and on the way
 * out, so that none that was stored before reaches a browser. What is not as declared (another type, too large, not to be
 * cleaned in time) is refused. What was clean passes as it came, byte for byte.
 */
export const sanitize = defineGuard({
  name: guard,
  key: "sanitize",
  summary: "Reduces HTML in declared fields, or in fragments, to harmless elements: in requests and in answers.",
  controls: ["frontend-ugc", "frontend-xss"],
  applies: "declared",
  options: sanitizeOption,
  stage: () => "content",
  describe: describeSanitizeOption,
  create(option, { mode, route, sanitizer, site }) {
    const rules = readSanitizeOption(option, sanitizer, site);
    if (rules.fragment && route.page) throw new Error("a page is no fragment: it has scripts and styles of its own");
    const { in: incoming, out: outgoing, fragment, maxAnswerBytes } = rules;
    return {
      decodes: true,
      request(exchange) {
        if (exchange.header("upgrade")?.toLowerCase() === "websocket")
          return deny("upgrade-refused", "the messages of a socket cannot be cleaned");
        return incoming && exchange.body.present ? cleanRequest(exchange, incoming, mode) : PASS;
      },
      response(exchange): Verdict | undefined | Promise<Verdict | undefined> {
        const { response } = exchange;
        if ((!outgoing && !fragment) || response.origin !== "upstream" || response.body === null) return undefined;
        if (response.status === 304) return undefined;
        if (response.status >= 300 && response.status < 400) return dropBody(response);
        const html = fragment && readFragment(response, maxAnswerBytes);
        if (html) return html.then((text) => cleanFragment(exchange, fragment, text, mode));
        if (!outgoing) return refuse(exchange, "the answer is no fragment of HTML");
        const conclude = (json: ResponseJson) => cleanAnswer(exchange, outgoing, json, mode);
        const json = readResponseJson(response, maxAnswerBytes);
        return json instanceof Promise ? json.then(conclude) : conclude(json);
      },
    };
  },
});

async function cleanRequest(exchange: Exchange, fields: FieldNode<Cleaner>, mode: GuardEnv["mode"]): Promise<Verdict> {
  const { upstreamRequest } = exchange;
  const bytes = upstreamRequest.body ?? (await readBody(exchange));
  if (!(bytes instanceof Uint8Array)) return bytes;
  const contentType = upstreamRequest.headers.get("content-type") ?? exchange.header("content-type") ?? "";
  const body = readWritableBody(bytes, contentType, exchange.parsedBody);
  if (body.kind === "malformed") return deny("malformed-body", body.reason);
  if (body.kind === "foreign") return deny("unsupported-media-type", "the body has no fields that could be cleaned");
  let cleaned: CleanedFields;
  try {
    cleaned = await cleanFields(body.value, fields);
  } catch (error) {
    if (!(error instanceof HeadgateError) || error.code !== "content-refused") throw error;
    return deny("input-refused", error.message);
  }
  if (cleaned.kind === "misfit") return deny("invalid-body", `the body has ${cleaned.reason}`);
  // The schema was asked before: an empty text is not what it said yes to.
  if (cleaned.emptied) {
    const fields = [{ pointer: toPlainPointer(cleaned.emptied), reason: "not-allowed-value" satisfies FieldReason }];
    return deny("input-refused", "nothing is left of a field when it is cleaned", { fields });
  }
  tell(exchange, cleaned.count, mode);
  if (cleaned.count === 0 || mode === "report") return PASS;
  exchange.parsedBody = cleaned.value;
  writeBody(exchange, body.write(cleaned.value));
  return PASS;
}

function cleanAnswer(
  exchange: Exchange,
  fields: FieldNode<Cleaner>,
  json: ResponseJson,
  mode: GuardEnv["mode"],
): Verdict | undefined | Promise<Verdict | undefined> {
  if (json.kind === "empty") return undefined;
  if (json.kind !== "json") return refuse(exchange, `the answer is ${json.kind}`);
  const conclude = (cleaned: CleanedFields): Verdict | undefined => {
    if (cleaned.kind === "misfit") return refuse(exchange, `the answer has ${cleaned.reason}`);
    tell(exchange, cleaned.count, mode);
    if (cleaned.count > 0) writeResponseJson(exchange.response, cleaned.value);
    return undefined;
  };
  const cleaned = cleanFields(json.value, fields);
  return cleaned instanceof Promise ? cleaned.then(conclude) : conclude(cleaned);
}

async function cleanFragment(
  exchange: Exchange,
  cleaner: Cleaner,
  html: string | undefined,
  mode: GuardEnv["mode"],
): Promise<Verdict | undefined> {
  if (html === undefined) return refuse(exchange, "the fragment is too large, or not in UTF-8");
  const clean = await cleaner.clean(html);
  tell(exchange, clean === html ? 0 : 1, mode);
  writeFragment(exchange.response, clean, clean === html);
  return undefined;
}

function tell(exchange: Exchange, count: number, mode: GuardEnv["mode"]): void {
  if (count === 0) return;
  const event = mode === "enforce" ? "html.cleaned" : "html.noticed";
  exchange.note({ guard, event, reason: "a field held markup that its profile does not let stay", count });
}

/** A failed answer keeps its status: what it is about, it does not tell. */
function refuse({ response: { status } }: Exchange, reason: string): Denial {
  return status >= 400 ? deny(problemForStatus(status), reason, { status }) : deny("response-refused", reason);
}
