import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cspDirectives } from "./csp-violation.ts";
import { parseBrowserReports, parsePageErrors } from "./parse-reports.ts";
import type { ParsedReports } from "./report.ts";

const pageOf = (url: string) => (url.startsWith("https://shop.example/") ? "/page" : "elsewhere");
const bytesOf = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function parse(value: unknown, type = "application/reports+json"): ParsedReports {
  return parseBrowserReports(bytesOf(value), type, pageOf);
}

describe("reports of the Reporting API", () => {
  const url = "https://shop.example/x?token=1";

  test.each<[string, Readonly<Record<string, unknown>>, string, Readonly<Record<string, string>>]>([
    [
      "csp-violation",
      {
        documentURL: url,
        referrer: "",
        blockedURL: "eval",
        effectiveDirective: "script-src",
        originalPolicy: "script-src 'self'",
        sourceFile: "https://shop.example/app.js?v=2",
        sample: "",
        disposition: "report",
        statusCode: 200,
        lineNumber: 3,
        columnNumber: 14,
      },
      "csp.violated",
      {
        directive: "script-src",
        blocked: "eval",
        page: "/page",
        disposition: "report",
        source: "https://shop.example/app.js",
        line: "3",
        column: "14",
      },
    ],
    [
      "deprecation",
      { id: "PrefixedStorageInfo", message: "it is deprecated", sourceFile: url, lineNumber: 1, columnNumber: 2 },
      "browser.deprecated",
      { id: "PrefixedStorageInfo", message: "it is deprecated", sourceFile: "https://shop.example/x", line: "1" },
    ],
    [
      "intervention",
      { id: "HeavyAdIntervention", message: "ad was unloaded" },
      "browser.intervened",
      { id: "HeavyAdIntervention", message: "ad was unloaded" },
    ],
    ["crash", { reason: "oom" }, "browser.crashed", { reason: "oom" }],
    [
      "coep",
      { type: "corp", disposition: "enforce", blockedURL: "https://a.example/x.png?k=1", destination: "image" },
      "coep.violated",
      { kind: "corp", disposition: "enforce", destination: "image", blockedURL: "https://a.example/x.png" },
    ],
    [
      "coop",
      {
        type: "navigation-from-response",
        disposition: "reporting",
        effectivePolicy: "same-origin",
        previousResponseURL: "https://a.example/?k",
      },
      "coop.violated",
      {
        kind: "navigation-from-response",
        disposition: "reporting",
        effectivePolicy: "same-origin",
        previousResponseURL: "https://a.example",
      },
    ],
    [
      "permissions-policy-violation",
      { policyId: "geolocation", disposition: "enforce", message: "denied", sourceFile: url, lineNumber: 5 },
      "permissions.violated",
      {
        policyId: "geolocation",
        disposition: "enforce",
        message: "denied",
        sourceFile: "https://shop.example/x",
        line: "5",
      },
    ],
    [
      "network-error",
      {
        type: "tcp.timed_out",
        phase: "connection",
        method: "GET",
        protocol: "h2",
        status_code: 0,
        referrer: url,
        elapsed_time: 9,
      },
      "network.failed",
      { kind: "tcp.timed_out", phase: "connection", method: "GET", protocol: "h2", statusCode: "0" },
    ],
    [
      "integrity-violation",
      { documentURL: url, blockedURL: "https://a.example/x.js", destination: "script", reportOnly: true },
      "integrity.violated",
      { destination: "script", reportOnly: "true", blockedURL: "https://a.example/x.js" },
    ],
  ])("%s is read in the form that browsers send", (type, body, event, facts) => {
    const { reports, lost } = parse([{ type, age: 5, url, user_agent: "x", body }]);
    expect([...lost]).toEqual([]);
    expect(reports.map((report) => report.event)).toEqual([event]);
    // Nothing comes along that is not listed, but for where it was.
    expect(reports[0]?.facts).toEqual({ ...facts, page: "/page" });
  });

  test("a single report without its list is taken: Safari sends one", () => {
    const body = { documentURL: url, effectiveDirective: "img-src", blockedURL: "https://a.example/x" };
    expect(parse({ type: "csp-violation", url, body }).reports).toHaveLength(1);
  });

  test("one bad report of a list does not take the good ones with it", () => {
    const good = { type: "crash", url, body: { reason: "oom" } };
    const { reports, lost } = parse([good, { type: "crash" }, good, { type: "new-thing", url, body: null }]);
    expect(reports).toHaveLength(2);
    expect([...lost]).toEqual([
      ["malformed", 1],
      ["unknown", 1],
    ]);
  });
});

describe("what CSP reports as blocked", () => {
  test.each([
    ["inline", "inline"],
    ["", "inline"],
    ["eval", "eval"],
    ["wasm-eval", "wasm-eval"],
    ["data", "data:"],
    ["blob", "blob:"],
    ["data:image/png;base64,AAAA", "data:"],
    ["trusted-types-sink", "trusted-types-sink"],
    ["https://a.example/b.js?c#d", "https://a.example/b.js"],
    ["not an address", "something unreadable"],
    ["https://*.example", "something unreadable"],
  ])("%j is noted as %j", (blockedURL, blocked) => {
    const body = { documentURL: "https://shop.example/", effectiveDirective: "script-src", blockedURL };
    expect(parse([{ type: "csp-violation", url: "x", body }]).reports[0]?.facts).toMatchObject({ blocked });
  });

  test("two violations on one origin are the same, and two directives are not", () => {
    const of = (effectiveDirective: string, blockedURL: string) => {
      const body = { documentURL: "https://shop.example/", effectiveDirective, blockedURL };
      return parse([{ type: "csp-violation", url: "x", body }]).reports[0]?.sameness;
    };
    expect(of("img-src", "https://a.example/1.png")).toEqual(of("img-src", "https://a.example/2.png"));
    expect(of("img-src", "https://a.example/1.png")).not.toEqual(of("font-src", "https://a.example/1.png"));
  });
});

describe("reports by report-uri", () => {
  test.each([["application/csp-report"], ["application/json"], ["application/csp-report; charset=UTF-8"]])(
    "come as %s",
    (type) => {
      const report = { "document-uri": "https://shop.example/", "violated-directive": "img-src 'self'" };
      expect(parse({ "csp-report": report }, type).reports[0]?.facts).toEqual({
        directive: "img-src",
        blocked: "inline",
        page: "/page",
        disposition: "enforce",
      });
    },
  );

  test.each([["text/plain"], ["multipart/form-data; boundary=x"], ["application/csp-report; charset=utf-7"], [""]])(
    "and not as %j",
    (type) =>
      expect(parse({ "csp-report": { "document-uri": "x", "violated-directive": "img-src" } }, type).reports).toEqual(
        [],
      ),
  );
});

test("no bytes and no value whatever make a report that is not clean and short, and none throws", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl({ withQueryParameters: true }),
    fc.constantFrom("inline", "data"),
  );
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
  const members = ["documentURL", "blockedURL", "sourceFile", "sample", "message", "reason", "id", "type", "policyId"];
  const body = fc.record(
    {
      ...Object.fromEntries(members.map((name) => [name, value])),
      effectiveDirective: fc.oneof(value, fc.constantFrom(...cspDirectives)),
    },
    { requiredKeys: [] },
  );
  const type = fc.oneof(
    text,
    fc.constantFrom("csp-violation", "crash", "deprecation", "coep", "coop", "network-error"),
  );
  const report = fc.record({ type, url: text, body }, { requiredKeys: ["type", "url"] });
  fc.assert(
    fc.property(fc.oneof(fc.array(report), fc.jsonValue(), report), (sent) => {
      const { reports } = parse(sent);
      for (const { event, reason, facts, sameness } of reports) {
        expect(event).toMatch(/^[a-z-]+\.[a-z]+$/);
        for (const one of [reason, ...Object.values(facts)]) {
          expect(one.length).toBeLessThan(700);
          expect(one).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        }
        expect(sameness.join("").length).toBeLessThan(1500);
      }
    }),
    { numRuns: 500 },
  );
});

describe("errors of pages", () => {
  const parseErrors = (value: unknown) => parsePageErrors(bytesOf(value), "text/plain;charset=UTF-8", pageOf);
  const page = "https://shop.example/cart?token=1";

  test.each([
    [
      { kind: "error", page, message: "x is undefined", source: "https://shop.example/a.js?v=1", line: 3, column: 9 },
      "x is undefined on /page",
      {
        kind: "error",
        message: "x is undefined",
        source: "https://shop.example/a.js",
        line: "3",
        column: "9",
        page: "/page",
      },
    ],
    [
      { kind: "rejection", page, message: "timed out" },
      "nobody caught: timed out on /page",
      { kind: "rejection", message: "timed out", page: "/page" },
    ],
    [
      { kind: "fetch", page, method: "post", url: "https://shop.example/api/orders?k", status: 502 },
      "POST https://shop.example/api/orders was answered 502 on /page",
      { kind: "fetch", method: "POST", url: "https://shop.example/api/orders", status: "502", page: "/page" },
    ],
    [
      { kind: "fetch", page, url: "https://shop.example/api", status: 0 },
      "GET https://shop.example/api got no answer on /page",
      { kind: "fetch", method: "GET", url: "https://shop.example/api", page: "/page" },
    ],
    [
      { kind: "resource", page, url: "https://img.example/x.png" },
      "https://img.example/x.png could not be loaded on /page",
      { kind: "resource", url: "https://img.example/x.png", page: "/page" },
    ],
  ])("%j is told as it is", (error, reason, facts) => {
    expect(parseErrors([error]).reports).toMatchObject([{ event: "browser.failed", reason, facts }]);
  });

  test.each([
    ["a kind that there is none", { kind: "x", page }],
    ["no page", { kind: "error" }],
    ["a message that is a list", { kind: "error", page, message: ["x"] }],
    ["a member that the script does not write", { kind: "error", page, stack: "x" }],
    ["a method that is none", { kind: "fetch", page, url: page, method: "GET / HTTP/1.1\r\n" }],
  ])("%s is no error of the script's, or leaves no trace", (_name, error) => {
    const { reports, lost } = parseErrors([error]);
    if (reports.length > 0) expect(JSON.stringify(reports)).not.toContain("HTTP/1.1");
    else expect([...lost]).toEqual([["malformed", 1]]);
  });
});
