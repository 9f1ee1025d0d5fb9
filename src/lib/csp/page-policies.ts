import {
  allSources,
  compileCsp,
  compileWorkerCsp,
  type CspSurroundings,
  type PageHashes,
  reportingEndpoint,
} from "./compile-csp.ts";
import type { CspOptions } from "./csp-option.ts";
import { type TrustsAddress, trustAddresses } from "./stamp-rule.ts";

/** The policies of the pages of a route. */
export interface PagePolicies {
  /** The header fields of the page that is served at that (canonical) path with that status, flat; the policy itself comes first. */
  headersOf(path: string, status: number, nonce: string): readonly string[];
  /** The policy of script files. */
  readonly worker: string;
  /** Whose scripts get the nonce. */
  readonly trusts: TrustsAddress;
}

/** What they depend on beside the options. */
export interface PagesOf {
  /** The site's origin. */
  readonly site: string;
  /** Where browsers report, and the script that does, as paths. */
  readonly reports: { readonly path: string; readonly client: string } | undefined;
  /** Whether scripts are trusted by a nonce; otherwise by what is known from a build. */
  readonly nonce: boolean;
  /** What stands in a page, where it is known from a build. */
  hashesOf(path: string, status: number): PageHashes | undefined;
}

const enforced = "content-security-policy";
const reported = "content-security-policy-report-only";

/** Compiles the policies of the pages of a route, once. */
export function compilePagePolicies(options: CspOptions, { site, reports, nonce, hashesOf }: PagesOf): PagePolicies {
  const { scripts, styleAttributes, reportOnly } = options;
  const around: CspSurroundings = {
    nonce,
    secure: site.startsWith("https:"),
    reportsPath: reports?.path,
    styleAttributes,
  };
  const policies = [
    { name: reportOnly === true ? reported : enforced, policy: options },
    ...(typeof reportOnly === "object" ? [{ name: reported, policy: reportOnly }] : []),
  ];
  const endpoints = reports === undefined ? [] : ["reporting-endpoints", `${reportingEndpoint}="${reports.path}"`];
  const compiled = new Map<PageHashes | undefined, ReturnType<typeof compilePage>>();

  function compilePage(hashes: PageHashes | undefined): readonly { name: string; text: (nonce: string) => string }[] {
    return policies.map(({ name, policy }) => ({ name, text: compileCsp(policy, around, hashes) }));
  }

  return {
    headersOf(path, status, value) {
      const hashes = hashesOf(path, status);
      let page = compiled.get(hashes);
      if (page === undefined) compiled.set(hashes, (page = compilePage(hashes)));
      return [...page.flatMap(({ name, text }) => [name, text(value)]), ...endpoints];
    },
    worker: compileWorkerCsp(options, around),
    trusts: trustAddresses({
      site,
      paths: reports === undefined ? scripts : [...scripts, reports.client],
      sources: allSources(options)["script-src"] ?? [],
    }),
  };
}
