import { z } from "zod";
import { cleanText, cleanUrl } from "./clean.ts";
import { subjectsOfPage, wholeNumber } from "./csp-violation.ts";
import { factsOf, type PageOf, type Report } from "./report.ts";

const text = z.string().optional();

/** One thing that went wrong in a page, as the client script writes it. */
export const pageError = z.strictObject({
  kind: z.enum(["error", "rejection", "resource", "fetch"]),
  page: z.string(),
  message: text,
  source: text,
  line: z.number().optional(),
  column: z.number().optional(),
  method: text,
  url: text,
  status: z.int().min(0).max(999).optional(),
});

type PageError = z.output<typeof pageError>;

/** The report of an error in a page. */
export function toPageReport(error: PageError, pageOf: PageOf): Report {
  const page = pageOf(error.page);
  const message = cleanText(error.message ?? "", 200);
  const source = join(cleanUrl(error.source ?? ""));
  const url = join(cleanUrl(error.url ?? ""));
  // Methods are a closed list to a browser; whatever else stands there was not written by the script.
  const written = error.method ?? (error.kind === "fetch" ? "GET" : "");
  const method = /^[A-Za-z]{1,16}$/.test(written) ? written.toUpperCase() : undefined;
  return {
    event: "browser.failed",
    reason: `${describe(error, { message, url, method })} on ${page}`,
    facts: factsOf({
      kind: error.kind,
      message,
      source,
      line: wholeNumber(error.line),
      column: wholeNumber(error.column),
      method,
      url,
      status: error.status,
      page,
    }),
    sameness: [error.kind, message, source, method ?? "", url, String(error.status ?? ""), page],
    from: error.page,
    subjects: [...subjectsOfPage(error.page), error.source ?? "", error.url ?? "", error.message ?? ""],
  };
}

function describe(
  { kind, status }: PageError,
  { message, url, method }: { readonly message: string; readonly url: string; readonly method: string | undefined },
): string {
  if (kind === "fetch") return `${method ?? "a call of"} ${url} ${status ? `was answered ${status}` : "got no answer"}`;
  if (kind === "resource") return `${url} could not be loaded`;
  return kind === "rejection" ? `nobody caught: ${message}` : message;
}

function join(url: ReturnType<typeof cleanUrl>): string {
  return url ? url.origin + url.path : "";
}
