import { z } from "zod";
import { cleanText, cleanUrl } from "./clean.ts";
import { cspViolationBody, subjectsOfPage, toViolation, wholeNumber } from "./csp-violation.ts";
import { factsOf, type PageOf, type Report } from "./report.ts";

/** One report as the Reporting API sends it (Reporting API, section 3.2). */
export const browserReport = z.object({
  type: z.string().max(100),
  url: z.string(),
  body: z.record(z.string(), z.unknown()).nullish(),
});

/** One kind of report: the event it becomes and the members of its body that are kept. */
interface Kind {
  readonly event: string;
  /** In words, for the log. */
  readonly says: string;
  /** Members of the body that are short words or sentences. */
  readonly texts: readonly string[];
  /** Members of the body that are addresses. */
  readonly urls: readonly string[];
}

const where = { urls: ["sourceFile"] } as const;

/** What browsers report beside violations of CSP, by the type that they write. */
const kinds: Readonly<Record<string, Kind>> = {
  deprecation: { event: "browser.deprecated", says: "a deprecated feature", texts: ["id", "message"], ...where },
  intervention: { event: "browser.intervened", says: "the browser intervened", texts: ["id", "message"], ...where },
  crash: { event: "browser.crashed", says: "the page crashed", texts: ["reason"], urls: [] },
  coep: {
    event: "coep.violated",
    says: "Cross-Origin-Embedder-Policy",
    texts: ["type", "disposition", "destination"],
    urls: ["blockedURL"],
  },
  coop: {
    event: "coop.violated",
    says: "Cross-Origin-Opener-Policy",
    texts: ["type", "disposition", "effectivePolicy", "property"],
    urls: ["openerURL", "openedWindowURL", "nextResponseURL", "previousResponseURL", ...where.urls],
  },
  "permissions-policy-violation": permissions(""),
  "potential-permissions-policy-violation": permissions("would be "),
  "document-policy-violation": {
    event: "document-policy.violated",
    says: "Document-Policy",
    texts: ["policyId", "disposition", "message"],
    ...where,
  },
  "integrity-violation": {
    event: "integrity.violated",
    says: "Integrity-Policy",
    texts: ["destination", "reportOnly"],
    urls: ["blockedURL"],
  },
  "network-error": {
    event: "network.failed",
    says: "a request failed",
    texts: ["type", "phase", "method", "protocol", "status_code"],
    urls: [],
  },
};

function permissions(would: string): Kind {
  return {
    event: "permissions.violated",
    says: `Permissions-Policy ${would}violated`,
    texts: ["policyId", "featureId", "disposition", "message"],
    ...where,
  };
}

/** The report, or what kept it from being one. */
export function toReport(
  { type, url, body }: z.output<typeof browserReport>,
  pageOf: PageOf,
): Report | "malformed" | "unknown" {
  if (type === "csp-violation") {
    const violation = cspViolationBody.safeParse(body);
    return (violation.success ? toViolation(violation.data, pageOf) : undefined) ?? "malformed";
  }
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (!kind) return "unknown";
  const given = body ?? {};
  const texts = kind.texts.map((name) => [name, textOf(given[name])] as const);
  const urls = kind.urls.map((name) => [name, typeof given[name] === "string" ? given[name] : ""] as const);
  const cleaned = urls.map(([name, text]) => [name, cleanUrl(text)] as const);
  const page = pageOf(url);
  const words = texts.map(([, text]) => text).filter((text) => text !== "");
  return {
    event: kind.event,
    reason: `${kind.says}${words.length > 0 ? ` (${words.join(", ")})` : ""} on ${page}`,
    facts: factsOf({
      // A body's own `type` says which of its kind it is; the report's is the event.
      ...Object.fromEntries(texts.map(([name, text]) => [camelCase(name === "type" ? "kind" : name), text])),
      ...Object.fromEntries(cleaned.map(([name, value]) => [name, value && value.origin + value.path])),
      line: lineOf(given),
      page,
    }),
    sameness: [...words, ...cleaned.map(([, value]) => value?.origin ?? ""), page],
    from: url,
    subjects: [...subjectsOfPage(url), ...urls.map(([, text]) => text), ...words],
  };
}

function textOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value).slice(0, 24);
  return typeof value === "string" ? cleanText(value, 160) : "";
}

function lineOf({ lineNumber }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof lineNumber === "number" ? wholeNumber(lineNumber) : undefined;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
