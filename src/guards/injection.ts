import { type PlacedFinding, toPlainPointer } from "../lib/injection/judge-tree.ts";
import { createTextJudge, type TextJudge } from "../lib/injection/judge-text.ts";
import { describeInjectionOption, injectionOption, readInjectionOption } from "../lib/injection/injection-option.ts";
import type { FieldProfiles } from "../lib/injection/field-profiles.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/**
 * Refuses requests whose path or query looks like an attack on what is behind: SQL, scripts, commands, templates, paths,
 * inner URLs. It is the second line: a value that a schema proves harmless needs no judging, and a backend that pastes
 * values into statements is not made safe by it. `injection-content` does the same with headers and the body.
 */
export const injection = defineGuard({
  name: "injection",
  key: "injection",
  summary: "Refuses paths and queries that look like an attack on what is behind.",
  controls: ["api-input"],
  applies: "declared",
  options: injectionOption,
  stage: () => "parameters",
  describe: describeInjectionOption,
  create(option, { site, route }) {
    const { off, fields, judging } = readInjectionOption(option, site);
    if (off) return {};
    const path = createTextJudge("path", judging);
    const query = createTextJudge("query", judging);
    const hasRest = route.pattern.endsWith("*");
    return {
      request(exchange): Verdict {
        const found = judgePath(exchange, path, fields, hasRest);
        if (found) return refuse("path", found);
        const inQuery = judgeQuery(exchange, query, fields);
        return inQuery ? refuse("query", inQuery) : PASS;
      },
    };
  },
});

function refuse(place: string, found: PlacedFinding): Verdict {
  const pointer = toPlainPointer(found.isName ? found.path.slice(0, -1) : found.path);
  const reason = `${found.classes.join(" and ")} in the ${place} at "${pointer}" (score ${found.score})`;
  return deny("input-refused", reason, { fields: [{ pointer, reason: "not-allowed-value" }] });
}

function judgePath(
  { params, path }: Exchange,
  judge: TextJudge,
  fields: FieldProfiles,
  hasRest: boolean,
): PlacedFinding | undefined {
  for (const name of Object.keys(params)) {
    const profile = fields.profileOf(name);
    const found = profile && judge.judge(params[name] ?? "", profile);
    if (found) return { ...found, path: [name], isName: false };
  }
  // The router has taken the path in its canonical form, in which every escape is valid.
  const rest = hasRest ? judge.judge(path.includes("%") ? decodeURIComponent(path) : path, "typed") : undefined;
  return rest && { ...rest, path: [], isName: false };
}

function judgeQuery({ query }: Exchange, judge: TextJudge, fields: FieldProfiles): PlacedFinding | undefined {
  for (const [name, value] of query) {
    const inName = judge.judgeName(name);
    if (inName) return { ...inName, path: [name], isName: true };
    const profile = fields.profileOf(name);
    const found = profile && judge.judge(value, profile);
    if (found) return { ...found, path: [name], isName: false };
  }
  return undefined;
}
