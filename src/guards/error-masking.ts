import { z } from "zod";
import { concat } from "../lib/byte-queue.ts";
import { findLeak } from "../lib/leaks.ts";
import { saysJson } from "../lib/response-json.ts";
import { problemForStatus } from "../problem.ts";
import type { Body } from "../lib/gateway-response.ts";
import { defineGuard } from "./guard.ts";
import { deny, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

const options = z
  .strictObject({
    keepStatus: z
      .boolean()
      .default(true)
      .meta({ description: "Whether a masked 5xx answer keeps its status; else it becomes 502." }),
  })
  .prefault({});

/** How much of an error is looked at, and how much of it goes into the log. */
const judgedBytes = 64 * 1024;
const loggedCharacters = 500;

/**
 * Turns the upstream's own errors into problems. Stack traces, failed SQL, paths and host names are a map of the inside;
 * the original goes to the log under the request's id, and to nobody else.
 */
export const errorMasking = defineGuard({
  name: "error-masking",
  key: "errors",
  summary: "Turns the upstream's failures, and errors that tell about the inside, into problems.",
  controls: ["api-error-leak"],
  applies: "always",
  options,
  stage: () => "upstream",
  describe: () => "failures and telling errors of the upstream become problems",
  create({ keepStatus }, { route }) {
    return {
      response(exchange): Verdict | undefined | Promise<Verdict | undefined> {
        const { response } = exchange;
        if (response.status < 400 || response.origin !== "upstream") return undefined;
        const { body } = response;
        const conclude = (text: string) => judge(exchange, text, { page: route.page, keepStatus });
        if (body === null) return conclude("");
        if (body instanceof Uint8Array) return conclude(decode(body.subarray(0, judgedBytes)));
        return readStart(body).then((bytes) => {
          // An error that does not fit the judge is none that a person would read.
          response.body = bytes.length < judgedBytes ? bytes : null;
          return conclude(decode(bytes));
        });
      },
    };
  },
});

function judge(
  exchange: Exchange,
  text: string,
  how: { readonly page: boolean; readonly keepStatus: boolean },
): Verdict | undefined {
  const { response } = exchange;
  const { status } = response;
  const failed = status >= 500;
  const leak = findLeak(text);
  // API clients read JSON; an HTML error page is the framework's own, with its name and version.
  const foreignForm = !how.page && text !== "" && !saysJson(response);
  if (!failed && leak === undefined && !foreignForm) return undefined;
  const why = leak ?? (failed ? `status ${status}` : "not JSON");
  exchange.note({
    guard: "error-masking",
    event: "response.masked",
    reason: `${why}: ${text.slice(0, loggedCharacters)}`,
  });
  const kept = failed && !how.keepStatus ? 502 : status;
  const problem = failed
    ? problemForStatus(kept) === "internal-error"
      ? "upstream-failed"
      : problemForStatus(kept)
    : problemForStatus(status);
  return deny(problem, `the upstream answered ${status} (${why})`, { status: kept });
}

async function readStart(body: Exclude<Body, Uint8Array | null>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= judgedBytes) break;
  }
  return concat(chunks, length).subarray(0, judgedBytes);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
