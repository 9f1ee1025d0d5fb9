import { parseJson } from "../lib/json.ts";
import { isUtf8, parseMediaType } from "../lib/media-type.ts";
import { browserReport, toReport } from "./browser-report.ts";
import { legacyViolation, toViolation } from "./csp-violation.ts";
import { pageError, toPageReport } from "./page-error.ts";
import type { Loss, PageOf, ParsedReports, Report } from "./report.ts";

/** The most bytes of a body that are read; browsers' own bound for what is sent when a page closes is the same. */
export const maxReportBytes = 64 * 1024;

/** The most reports of one body that are looked at. */
export const maxBatch = 50;

const limits = { maxDepth: 6, maxKeys: 2000 };

/** Reads a body that a browser sent by itself: the Reporting API's list, or one report of `report-uri`. */
export function parseBrowserReports(bytes: Uint8Array, contentType: string, pageOf: PageOf): ParsedReports {
  const essence = essenceOf(contentType);
  if (essence === "application/csp-report" || essence === "application/json") {
    return collect(bytes, (value) => {
      const violation = legacyViolation.safeParse(value);
      return (violation.success ? toViolation(violation.data, pageOf) : undefined) ?? "malformed";
    });
  }
  if (essence !== "application/reports+json") return nothing;
  return collect(bytes, (value) => {
    const report = browserReport.safeParse(value);
    return report.success ? toReport(report.data, pageOf) : "malformed";
  });
}

/** Reads a body that the client script sent; as text, so that a browser asks for no permission first. */
export function parsePageErrors(bytes: Uint8Array, contentType: string, pageOf: PageOf): ParsedReports {
  const essence = essenceOf(contentType);
  if (essence !== "text/plain" && essence !== "application/json") return nothing;
  return collect(bytes, (value) => {
    const error = pageError.safeParse(value);
    return error.success ? toPageReport(error.data, pageOf) : "malformed";
  });
}

const nothing: ParsedReports = { reports: [], lost: new Map([["malformed", 1]]) };

function essenceOf(contentType: string): string | undefined {
  const mediaType = parseMediaType(contentType);
  return mediaType && isUtf8(mediaType) ? mediaType.essence : undefined;
}

function collect(bytes: Uint8Array, read: (value: unknown) => Report | Loss): ParsedReports {
  const parsed = parseJson(bytes, limits);
  if (parsed.malformed !== undefined) return nothing;
  // Safari sends a single report without the list around it.
  const values: unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const reports: Report[] = [];
  const lost = new Map<Loss, number>();
  for (const value of values.slice(0, maxBatch)) {
    const outcome = read(value);
    if (typeof outcome === "string") lost.set(outcome, (lost.get(outcome) ?? 0) + 1);
    else reports.push(outcome);
  }
  if (values.length > maxBatch) lost.set("over-limit", values.length - maxBatch);
  return { reports, lost };
}
