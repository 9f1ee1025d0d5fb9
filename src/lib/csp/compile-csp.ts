import type { CspPolicy } from "./csp-option.ts";
import { type Directives, mergeDirectives, ownSite } from "./directives.ts";
import { thirdParties } from "./third-parties.ts";

/** What a policy depends on beside its own options. */
export interface CspSurroundings {
  /** Whether scripts are trusted by a nonce; otherwise by hash. */
  readonly nonce: boolean;
  /** Whether the site is served over TLS. */
  readonly secure: boolean;
  /** The path where violations are reported to. */
  readonly reportsPath: string | undefined;
  readonly styleAttributes: boolean;
}

/** Hashes of what stands in one page, as they are written in a policy: `'sha256-…'`. */
export interface PageHashes {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** Hashes of scripts with a file of their own, by `integrity`; undefined where not every one has it. */
  readonly files: readonly string[] | undefined;
}

/** The name of the reporting endpoint in `Reporting-Endpoints`. */
export const reportingEndpoint = "headgate";

/**
 * The text of a policy (CSP Level 3). Scripts are trusted one by one, by nonce or hash; `'self'` stands among them only
 * where a page's script files have no hash, which browsers then take by address.
 * @param nonce the nonce, in pages that get one
 */
export function compileCsp(
  policy: CspPolicy,
  around: CspSurroundings,
  page: PageHashes | undefined,
): (nonce: string) => string {
  const { "script-src": scripts = [], "style-src": styles = [], ...others } = allSources(policy);
  const known = page?.files !== undefined;
  const dynamic = policy.strictDynamic ?? (around.nonce || known);
  const mark = "\u0000";
  const nonce = around.nonce ? [`'nonce-${mark}'`] : [];
  const text = join([
    ["default-src", "'none'"],
    [
      "script-src",
      ...nonce,
      ...(dynamic ? ["'strict-dynamic'"] : []),
      ...(around.nonce || known ? [] : ["'self'"]),
      ...(page?.scripts ?? []),
      ...(page?.files ?? []),
      ...scripts,
    ],
    ["style-src", ...styles, ...nonce, ...(page?.styles ?? [])],
    ...(around.styleAttributes ? [["style-src-attr", "'unsafe-inline'"]] : []),
    ...Object.entries(others).map(([name, sources]) => [name, ...sources]),
    ["object-src", "'none'"],
    ["base-uri", "'none'"],
    ...closing(policy, around),
  ]);
  const [before = "", ...rest] = text.split(mark);
  return (value) => rest.reduce((whole, part) => whole + value + part, before);
}

/** The policy that a script file carries: it counts where the script runs as a worker. */
export function compileWorkerCsp(policy: CspPolicy, around: CspSurroundings): string {
  const { "connect-src": connect = ["'self'"], "script-src": scripts = [] } = allSources(policy);
  const own = ["'self'", ...scripts.filter((source) => source.includes("://"))];
  return join([
    ["default-src", "'none'"],
    ["script-src", ...own],
    ["connect-src", ...connect],
    ...closing(policy, around),
  ]);
}

/** Every source of a policy, by directive: the site itself, what services need, what is declared. */
export function allSources({ directives, thirdParties: names }: CspPolicy): Directives {
  const merged = mergeDirectives(ownSite, ...names.map((name) => thirdParties[name]), directives);
  return { ...merged, "frame-ancestors": merged["frame-ancestors"] ?? ["'none'"] };
}

function closing({ trustedTypes }: CspPolicy, { secure, reportsPath }: CspSurroundings): string[][] {
  return [
    ...(trustedTypes
      ? [
          ["require-trusted-types-for", "'script'"],
          ["trusted-types", ...(trustedTypes.length > 0 ? trustedTypes : ["'none'"])],
        ]
      : []),
    ...(secure ? [["upgrade-insecure-requests"]] : []),
    ...(reportsPath === undefined
      ? []
      : [
          ["report-uri", reportsPath],
          ["report-to", reportingEndpoint],
        ]),
  ];
}

function join(directives: readonly (readonly string[])[]): string {
  return directives.map((one) => one.join(" ")).join("; ");
}
