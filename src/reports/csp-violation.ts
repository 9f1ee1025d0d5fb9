import { z } from "zod";
import { cleanText, cleanUrl } from "./clean.ts";
import { factsOf, type PageOf, type Report } from "./report.ts";

/** The directives that a browser can report (CSP Level 3, section 6, and the drafts that add to it). */
export const cspDirectives = [
  ...["base-uri", "child-src", "connect-src", "default-src", "fenced-frame-src", "font-src", "form-action"],
  ...["frame-ancestors", "frame-src", "img-src", "manifest-src", "media-src", "navigate-to", "object-src"],
  ...["prefetch-src", "require-trusted-types-for", "sandbox", "script-src", "script-src-attr", "script-src-elem"],
  ...["style-src", "style-src-attr", "style-src-elem", "trusted-types", "worker-src"],
] as const;

const directives: ReadonlySet<string> = new Set(cspDirectives);

/** What is blocked when it is no address (CSP Level 3, section 5.2, "blockedURI"). */
const keywords: ReadonlySet<string> = new Set([
  ...["inline", "eval", "wasm-eval", "self", "trusted-types-policy", "trusted-types-sink", "report-sample"],
]);

const optionalText = z.string().nullish();
const optionalCount = z.number().nullish();

/** The body of a report of type `csp-violation` (CSP Level 3, section 5.3). */
export const cspViolationBody = z.object({
  documentURL: z.string(),
  effectiveDirective: z.string(),
  blockedURL: optionalText,
  disposition: z.enum(["enforce", "report"]).nullish(),
  sourceFile: optionalText,
  sample: optionalText,
  lineNumber: optionalCount,
  columnNumber: optionalCount,
});

/** The body that `report-uri` sends, whose members have names of their own (CSP Level 3, section 5.4). */
export const legacyViolation = z
  .object({
    "csp-report": z.object({
      "document-uri": z.string(),
      "violated-directive": z.string().optional(),
      "effective-directive": z.string().optional(),
      "blocked-uri": optionalText,
      disposition: z.enum(["enforce", "report"]).nullish(),
      "source-file": optionalText,
      "script-sample": optionalText,
      "line-number": optionalCount,
      "column-number": optionalCount,
    }),
  })
  .transform(({ "csp-report": report }): CspViolationBody => ({
    documentURL: report["document-uri"],
    effectiveDirective: report["effective-directive"] ?? report["violated-directive"] ?? "",
    blockedURL: report["blocked-uri"],
    disposition: report.disposition,
    sourceFile: report["source-file"],
    sample: report["script-sample"],
    lineNumber: report["line-number"],
    columnNumber: report["column-number"],
  }));

/** A violation in the terms of the Reporting API, whichever way it came. */
export type CspViolationBody = z.output<typeof cspViolationBody>;

/** The report of a violation; `undefined` where it names no directive that there is. */
export function toViolation(body: CspViolationBody, pageOf: PageOf): Report | undefined {
  // Older browsers quote the whole directive, with its sources.
  const directive = body.effectiveDirective.trimStart().split(/[\s;]/, 1)[0]?.toLowerCase() ?? "";
  if (!directives.has(directive)) return undefined;
  const blocked = readBlocked(body.blockedURL ?? "");
  const source = cleanUrl(body.sourceFile ?? "");
  const page = pageOf(body.documentURL);
  const sample = cleanText(body.sample ?? "", 60);
  const disposition = body.disposition ?? "enforce";
  const facts = factsOf({
    directive,
    blocked: blocked.origin + blocked.path,
    page,
    disposition,
    source: source && source.origin + source.path,
    line: wholeNumber(body.lineNumber),
    column: wholeNumber(body.columnNumber),
    sample,
  });
  const verb = disposition === "report" ? "would refuse" : "refused";
  return {
    event: "csp.violated",
    reason: `${directive} ${verb} ${blocked.origin}${blocked.path} on ${page}`,
    facts,
    sameness: [directive, blocked.origin, page, disposition, source?.origin ?? "", source?.path ?? "", sample],
    from: body.documentURL,
    subjects: [body.blockedURL ?? "", body.sourceFile ?? "", ...subjectsOfPage(body.documentURL)],
  };
}

/** A page that an extension opened is noise; `about:srcdoc` is a frame that the site itself has written. */
export function subjectsOfPage(address: string): string[] {
  return address.startsWith("about") ? [] : [address];
}

function readBlocked(text: string): { readonly origin: string; readonly path: string } {
  // CSP Level 2 leaves it empty where the code stands in the page itself.
  if (text === "") return { origin: "inline", path: "" };
  if (keywords.has(text)) return { origin: text, path: "" };
  // A scheme may come without its colon: `data`, `blob`.
  if (/^[a-z][a-z0-9+.-]{0,30}$/i.test(text)) return { origin: `${text.toLowerCase()}:`, path: "" };
  return cleanUrl(text) ?? { origin: "something unreadable", path: "" };
}

/** A line or column as a number that can be one. */
export function wholeNumber(value: number | null | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
