/** What others say of the lab's pages: Google's CSP Evaluator and the rules of MDN's Observatory, at both doors. */
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LabGateway, startLabGateway } from "../support/lab-gateway.ts";
import { scorePage } from "../support/observatory.ts";

let stack: LabGateway;

beforeAll(async () => {
  stack = await startLabGateway();
});
afterAll(() => stack.stop());

const pages = ["/", "/articles", "/articles/summer-tables", "/search?q=oak", "/login", "/account", "/admin"];

/** Findings that are sure, by directive: what could only be bad is not among them. */
function findingsOf(policy: string, least: Severity): string[] {
  return new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity <= least)
    .map(({ directive, value, description }) => `${directive} ${value ?? ""}: ${description}`);
}

describe("pages of the lab", () => {
  test.each(pages)("%s: a D on the bare lab, an A+ behind the gateway", async (path) => {
    const bare = await stack.bare(`GET ${path}`);
    expect(scorePage(bare.headers, bare.text).grade).toBe("D");
    const { status, headers, text } = await stack.guarded(`GET ${path}`);
    expect(status).toBe(200);
    expect(scorePage(headers, text)).toMatchObject({ grade: "A+", score: 130 });
  });

  test.each(pages)("%s: the evaluator finds nothing high or of medium weight in its policy", async (path) => {
    const { headers } = await stack.guarded(`GET ${path}`);
    // The lab's provider stands on loopback without TLS; that is what would be found.
    const policy = String(headers["content-security-policy"]).replace(stack.lab.urls.identity, "https://login.example");
    expect(findingsOf(policy, Severity.MEDIUM)).toEqual([]);
  });

  test("the evaluator finds something where there is something", () => {
    expect(findingsOf("script-src https: 'unsafe-inline'", Severity.HIGH).length).toBeGreaterThan(0);
  });
});
