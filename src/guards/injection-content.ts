import type { InjectionRules } from "../lib/injection/injection-option.ts";
import { describeInjectionOption, injectionOption, readInjectionOption } from "../lib/injection/injection-option.ts";
import { createHeaderJudge } from "../lib/injection/judge-headers.ts";
import { createTextJudge, type Finding, type TextJudge } from "../lib/injection/judge-text.ts";
import { judgeTree, toPlainPointer } from "../lib/injection/judge-tree.ts";
import { fileNamesOf, isJudgeable, takeApart } from "../lib/injection/unparsed-body.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/**
 * Refuses requests whose headers or body look like an attack on what is behind.
 *
 * It stands in the last stage before the upstream: what it judges is the body as its schema has judged it and the headers
 * that go on. A body that nothing has parsed, on routes that take any, is taken apart here where its type allows it.
 */
export const injectionContent = defineGuard({
  name: "injection-content",
  key: "injection",
  summary: "Refuses headers and bodies that look like an attack on what is behind.",
  controls: ["api-input"],
  applies: "declared",
  options: injectionOption,
  stage: () => "upstream",
  describe: describeInjectionOption,
  create(option, { site }) {
    const rules = readInjectionOption(option, site);
    if (rules.off) return {};
    const judgeHeaders = createHeaderJudge(createTextJudge("header", rules.judging));
    const judge = createTextJudge("body", rules.judging);
    return {
      request(exchange): Verdict | Promise<Verdict> {
        const header = judgeHeaders(exchange.upstreamRequest.headers.flat);
        if (header) return refuse(header, `the header "${header.name}"`, "");
        if (!exchange.body.present) return PASS;
        if (exchange.parsedBody !== undefined) return judgeParsed(exchange, judge, rules);
        const contentType = exchange.header("content-type") ?? "";
        return isJudgeable(contentType) ? readAndJudge(exchange, judge, rules, contentType) : PASS;
      },
    };
  },
});

function judgeParsed(exchange: Exchange, judge: TextJudge, rules: InjectionRules): Verdict {
  const { body, headers } = exchange.upstreamRequest;
  const verdict = judgeData(exchange.parsedBody, judge, rules);
  if (verdict !== PASS || body === undefined) return verdict;
  const contentType = headers.get("content-type") ?? "";
  return contentType.startsWith("multipart/") ? judgeFileNames(fileNamesOf(body, contentType), judge) : PASS;
}

/** What is read has to be sent, and only what was read: the decoded bytes take the place of the client's stream. */
async function readAndJudge(
  exchange: Exchange,
  judge: TextJudge,
  rules: InjectionRules,
  contentType: string,
): Promise<Verdict> {
  const { upstreamRequest } = exchange;
  let bytes = upstreamRequest.body;
  if (bytes === undefined) {
    bytes = await exchange.body.read();
    upstreamRequest.body = bytes;
    upstreamRequest.headers.set("content-length", String(bytes.length));
    upstreamRequest.headers.delete("content-encoding");
  }
  if (bytes.length === 0) return PASS;
  const taken = takeApart(bytes, contentType);
  if (taken.kind === "malformed") return deny("malformed-body", taken.reason);
  if (taken.kind === "text") {
    const found = judge.judge(taken.text, taken.profile);
    return found ? refuse(found, "the body", "") : PASS;
  }
  const verdict = judgeData(taken.value, judge, rules);
  return verdict === PASS ? judgeFileNames(taken.fileNames, judge) : verdict;
}

function judgeData(value: unknown, judge: TextJudge, { fields }: InjectionRules): Verdict {
  const found = judgeTree(value, judge, fields);
  if (!found) return PASS;
  const pointer = toPlainPointer(found.isName ? found.path.slice(0, -1) : found.path);
  return refuse(found, `the body at "${pointer}"${found.isName ? ", in the name of a member" : ""}`, pointer);
}

function judgeFileNames(names: readonly string[], judge: TextJudge): Verdict {
  for (const name of names) {
    const found = judge.judge(name, "typed");
    if (found) return refuse(found, "the name of a file", "");
  }
  return PASS;
}

function refuse({ classes, score }: Finding, place: string, pointer: string): Verdict {
  const fields = pointer === "" ? {} : { fields: [{ pointer, reason: "not-allowed-value" }] };
  return deny("input-refused", `${classes.join(" and ")} in ${place} (score ${score})`, fields);
}
