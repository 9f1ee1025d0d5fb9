import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { check, type Diagnostics } from "recheck";
import { collectRegexps, type FoundRegexp } from "./collect-regexps.ts";
import { type BoundedRegexp, boundedRegexps } from "./regexps-bounded.ts";

/**
 * Finds regular expressions of the source that an attacker could keep busy (CWE-1333): every literal, and what is built of
 * constant texts. One that takes more than linear time fails the check unless its input is bounded, and the list of those
 * says by what. Verdicts are kept between runs, since an expression's never changes.
 */
const cacheFile = "node_modules/.cache/headgate/regexps.json";
/**
 * An expression is at fault where a text of 10 KB costs ten million steps: a quadratic one costs fifty, while one that reads
 * a bounded number of characters at each place stays below. Found by steps and not by the clock, so that slow and fast
 * machines agree.
 */
const limits = {
  timeout: 20_000,
  attackTimeout: 1000,
  incubationTimeout: 250,
  attackLimit: 10_000_000,
  maxAttackStringSize: 10_000,
} as const;
const parallel = 2;

interface Verdict {
  readonly status: Diagnostics["status"];
  readonly why: string;
}

const unreadable: Verdict = {
  status: "vulnerable",
  why: "it is built of texts that are not constant: nobody can say what it takes",
};

const known = readCache();
const found = globSync(process.argv[2] ?? "src/**/*.ts")
  .sort()
  .flatMap(readFile);
const distinct = new Map(found.flatMap((one) => (one.source === undefined ? [] : [[keyOf(one), one] as const])));

const waiting = [...distinct].filter(([key]) => !known.has(key));
await Promise.all(
  Array.from({ length: parallel }, async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) known.set(next[0], await judge(next[1]));
  }),
);
writeCache();

const complaints = found.flatMap((one) => {
  const verdict = one.source === undefined ? unreadable : known.get(keyOf(one));
  if (verdict === undefined || verdict.status === "safe") return [];
  const isBounded = boundedRegexps.some((bounded) => covers(bounded, one));
  if (isBounded || verdict.status === "unknown") return [];
  return [`${one.file}:${one.line} ${one.text}\n    ${verdict.why}`];
});
const stale = boundedRegexps.filter((bounded) => !found.some((one) => covers(bounded, one)));
const undecided = [...distinct.keys()].filter((key) => known.get(key)?.status === "unknown").length;

process.stdout.write(
  `${distinct.size} regular expressions: ${complaints.length} that can be kept busy, ${undecided} undecided, ${boundedRegexps.length} with bounded input\n`,
);
for (const complaint of complaints) process.stdout.write(`  ${complaint}\n`);
for (const { file, begins } of stale)
  process.stdout.write(`  ${file} has none that begins with ${begins} any more: take it off the list\n`);
process.exitCode = complaints.length + stale.length === 0 ? 0 : 1;

function covers(bounded: BoundedRegexp, one: FoundRegexp): boolean {
  return bounded.file === one.file && one.text.startsWith(bounded.begins);
}

function readFile(file: string): readonly FoundRegexp[] {
  return /\.(?:test|gen|types)\.ts$/.test(file) ? [] : collectRegexps(file, readFileSync(file, "utf8"));
}

async function judge({ source = "", flags }: FoundRegexp): Promise<Verdict> {
  const result = await check(source, flags, limits);
  if (result.status !== "vulnerable") return { status: result.status, why: result.status };
  return { status: "vulnerable", why: `${result.complexity.type} time, for example on ${result.attack.pattern}` };
}

function keyOf({ source = "", flags }: FoundRegexp): string {
  return `/${source}/${flags}`;
}

function readCache(): Map<string, Verdict> {
  try {
    // The file is this script's own; a damaged one is a missing one.
    return new Map(Object.entries(JSON.parse(readFileSync(cacheFile, "utf8")) as Record<string, Verdict>));
  } catch {
    return new Map();
  }
}

function writeCache(): void {
  mkdirSync(dirname(cacheFile), { recursive: true });
  // An expression that could not be decided in time gets another chance.
  const decided = [...known].filter(([, { status }]) => status !== "unknown");
  writeFileSync(cacheFile, JSON.stringify(Object.fromEntries(decided), null, 1));
}
