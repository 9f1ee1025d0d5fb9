import type { LearntSource, Proposal, RefusedSource, Sighting } from "./learn.ts";

/** So many names under one domain look like a wildcard to whoever reads them. */
const manyNames = 5;

/** The proposal as text to paste into the policy: what is proposed stands as code, everything else as comments. */
export function formatProposal(proposal: Proposal): string {
  const { sources, doubtful, refused, violations, omitted, elsewhere } = proposal;
  if (violations === 0) return "// No violation of a content security policy was reported: there is nothing to learn.";
  const lines = [
    `// Learnt from ${times(violations)} that browsers reported. Anybody can send a report: take the`,
    "// sources that you know, and leave out the others.",
    ...proposed(sources),
    ...commentsOn(sources),
    ...section("Reported by too few addresses to be proposed", doubtful, (one) => [
      `${one.directive}: "${one.source}" (${describe(one)})`,
    ]),
    ...section("Never proposed", refused, (one) => [`${one.directive}: ${one.blocked} (${describe(one)})`, one.why]),
    ...(elsewhere > 0
      ? ["//", `// ${times(elsewhere)} on pages of other origins left out: they have policies of their own.`]
      : []),
    ...(omitted > 0
      ? ["//", `// ${omitted} further reports were left out: they name too many different sources.`]
      : []),
  ];
  return lines.join("\n");
}

function proposed(sources: readonly LearntSource[]): string[] {
  if (sources.length === 0) return ["// No source is proposed."];
  const byDirective = Map.groupBy(sources, ({ directive }) => directive);
  const lines = [...byDirective]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([directive, ofDirective]) => [
      `    ${JSON.stringify(directive)}: [`,
      ...ofDirective.map((one) => `      ${JSON.stringify(one.source)}, // ${describe(one)}`),
      "    ],",
    ]);
  return ["csp: {", "  directives: {", ...lines, "  },", "},"];
}

/** What the reader could be led to, and should not be. */
function commentsOn(sources: readonly LearntSource[]): string[] {
  const lines: string[] = [];
  if (sources.some(({ directive }) => directive === "script-src")) {
    lines.push(
      "//",
      "// Where script-src has 'strict-dynamic', browsers ignore hosts: give the script's tag a nonce or an integrity hash,",
      "// or let a script that has one load it.",
    );
  }
  const domains = Map.groupBy(
    sources,
    ({ source }) => URL.parse(source)?.hostname.split(".").slice(-2).join(".") ?? "",
  );
  for (const [domain, ofDomain] of domains) {
    const names = new Set(ofDomain.map(({ source }) => source));
    if (domain === "" || names.size < manyNames) continue;
    lines.push(
      "//",
      `// ${names.size} names under ${domain} are listed one by one. A wildcard would let in whoever gets a name there.`,
    );
  }
  return lines;
}

function section<One extends LearntSource | RefusedSource>(
  title: string,
  all: readonly One[],
  format: (one: One) => readonly string[],
): string[] {
  if (all.length === 0) return [];
  const items = all.flatMap((one) => {
    const [first = "", ...rest] = format(one);
    return [`//   ${first}`, ...rest.map((line) => `//     ${line}`)];
  });
  return ["//", `// ${title}:`, ...items];
}

function describe({ count, clients, pages }: Sighting): string {
  const shown = pages.slice(0, 3).join(", ");
  const more = pages.length > 3 ? ` and ${pages.length - 3} more` : "";
  return `${count === 1 ? "once" : `${count} times`}, ${clients} ${clients === 1 ? "address" : "addresses"}, on ${shown}${more}`;
}

function times(violations: number): string {
  return violations === 1 ? "1 violation" : `${violations} violations`;
}
