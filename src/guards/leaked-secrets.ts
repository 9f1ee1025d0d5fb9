import { z } from "zod";
import { createLeakScanner, type Leak } from "../lib/leak-scan.ts";
import { judgeStream, scanCoded } from "../lib/leak-stream.ts";
import { judgeText, mayBePart } from "../lib/text-response.ts";
import type { TokenFormat } from "../lib/token-format.ts";
import { tokenFormats } from "../lib/token-formats.ts";
import { type Denial, deny, PASS, type Verdict } from "./contract/verdict.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";
import type { GuardEnv } from "./contract/guard-env.ts";

const formatName = z.enum(tokenFormats.map(({ name }) => name));
const reason = z.string().min(10, "say why, in a sentence: the reason is logged and audited");

const options = z
  .strictObject({
    allow: z
      .partialRecord(formatName, reason)
      .default({})
      .meta({ description: "Token formats that may leave after all, by name, each with the reason." }),
    texts: z
      .array(z.string().min(6, "a text shorter than six characters stands everywhere"))
      .default([])
      .meta({ description: "Further texts that never leave: names of internal hosts, for one." }),
  })
  .prefault({});

const guard = "leaked-secrets";

/**
 * Keeps the values of the gateway's own secrets, in every usual encoding, and credentials of well-known formats from
 * leaving in an answer: a token that a build put into a script, a key in an error, a record with a column too many.
 *
 * It reads headers and text of every kind, pages and scripts too, whole or as it streams; media is left alone. A whole
 * answer that holds one is refused. A stream ends without a proper end before the value is complete. Coded text is read
 * beside the way and sent as it is. Ranges of text are not asked for: two halves of a secret are none.
 */
export const leakedSecrets = defineGuard({
  name: guard,
  key: "leaks",
  summary:
    "Refuses answers that hold a secret of the gateway, in any usual encoding, or a token of a well-known format.",
  controls: ["api-token-exposure", "frontend-bundle-secrets", "api-error-leak"],
  applies: "always",
  options,
  // Behind every guard that changes what is sent, before those that put their headers on refusals too.
  stage: () => "identity",
  describe({ allow }) {
    const names = Object.keys(allow);
    return `no secret leaves${names.length > 0 ? `; allowed: ${names.join(", ")}` : ""}`;
  },
  create({ allow, texts }, env) {
    const formats = tokenFormats.filter(({ name }) => !Object.hasOwn(allow, name));
    const scanner = createLeakScanner(env.secrets, formats, texts);
    return {
      request({ path, upstreamRequest: { headers } }) {
        if (env.mode === "enforce" && headers.has("range") && !mayBePart(path, env.route.page)) {
          headers.delete("range");
          headers.delete("if-range");
        }
        return PASS;
      },
      response(exchange): Verdict | undefined | Promise<Verdict | undefined> {
        const { response } = exchange;
        const { body } = response;
        const notice = createNotice(exchange);
        const inHeaders = scanner.scan(encodeValues(response.headers.flat), notice);
        if (inHeaders) return refuse(exchange, env.mode, inHeaders, "a header");
        if (body === null) return undefined;
        const judged = judgeText(response);
        if (judged.kind === "media") return undefined;
        if (judged.kind === "unreadable") return deny("response-refused", judged.reason);
        const decoder = judged.coding === undefined ? undefined : env.decoder(judged.coding);
        if (judged.coding !== undefined && !decoder) {
          return deny("response-refused", "the answer has a content coding in which nothing can be looked for");
        }
        if (!(body instanceof Uint8Array)) {
          response.body = judgeStream(body, {
            stream: scanner.begin(notice),
            decoder,
            enforce: env.mode === "enforce",
            tell: (leak) => void refuse(exchange, env.mode, leak, "a stream"),
          });
          return undefined;
        }
        if (decoder) {
          const scanned = scanCoded(body, scanner.begin(notice), decoder);
          return scanned.then((leak) => leak && refuse(exchange, env.mode, leak, "the body"));
        }
        const leak = scanner.scan(body, notice);
        return leak && refuse(exchange, env.mode, leak, "the body");
      },
    };
  },
});

/** The event says what leaked and where, never what it looks like. */
function refuse(exchange: Exchange, mode: GuardEnv["mode"], leak: Leak, place: string): Denial {
  const what = {
    secret: `the value of the secret ${leak.name}`,
    token: `a ${leak.name}`,
    text: "a text that never leaves",
  };
  const reason = `${place} of the answer holds ${what[leak.kind]}`;
  exchange.note({ guard, event: mode === "enforce" ? "secret.withheld" : "secret.noticed", reason });
  return deny("response-refused", reason);
}

/** One event for each format in an answer, however often it stands there. */
function createNotice(exchange: Exchange): (format: TokenFormat) => void {
  let told: Set<string> | undefined;
  return ({ name, class: kind }) => {
    told ??= new Set();
    if (told.has(name)) return;
    told.add(name);
    exchange.note({ guard, event: "token.noticed", reason: `the answer holds a ${name} (${kind})` });
  };
}

const encoder = new TextEncoder();

/** Every header value, in bytes, each on a line. */
function encodeValues(flat: readonly string[]): Uint8Array {
  let text = "";
  for (let at = 1; at < flat.length; at += 2) text += `${flat[at]}\n`;
  return encoder.encode(text);
}
