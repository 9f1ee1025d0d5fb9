import { dropBodyFacts } from "../lib/body-facts.ts";
import { kindOf } from "../lib/csp/answer-kind.ts";
import { cspOption } from "../lib/csp/csp-option.ts";
import { readManifest } from "../lib/csp/manifest.ts";
import { compilePagePolicies, type PagePolicies } from "../lib/csp/page-policies.ts";
import { rewriteDocument } from "../lib/html/rewrite-document.ts";
import { stampRule } from "../lib/csp/stamp-rule.ts";
import { judgeText } from "../lib/text-response.ts";
import { type Denial, deny, PASS } from "./contract/verdict.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import type { GuardEnv } from "./contract/guard-env.ts";

/** For answers in which nothing should ever run: data, refusals. */
const nothingRuns = "default-src 'none'; frame-ancestors 'none'";
/** A picture may have style sheets of its own site, and no script, whoever opens it. */
const picturePolicy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; sandbox";
/** For a page that should bring a policy of its own and does not. */
const leastOfPages = "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

const policyHeaders: ReadonlySet<string> = new Set([
  "content-security-policy",
  "content-security-policy-report-only",
  "x-content-security-policy",
  "x-webkit-csp",
]);

/**
 * A strict content security policy on everything that leaves. In pages, only scripts run that the site means to run: by a
 * nonce that is new for each answer and is put on known script files on the way, or by hashes that were taken when the
 * site was built. Never by what a page happens to hold: that would bless an injected script.
 */
export const csp = defineGuard({
  name: "csp",
  key: "csp",
  summary: "Lets browsers run only the scripts that a site means to run: by nonces put in on the way, or by hashes.",
  controls: ["frontend-csp", "frontend-xss", "frontend-ugc"],
  applies: "always",
  options: cspOption,
  stage: () => "headers",
  describe({ mode, manifest, reportOnly }) {
    const what = {
      nonce: "scripts of known paths get a nonce in pages, and nothing else runs",
      hash: "scripts run in pages as the build's manifest has their hashes",
      upstream: "pages keep their own policy",
    };
    const kind = what[mode ?? (manifest === undefined ? "nonce" : "hash")];
    return reportOnly === true ? `${kind}; only reported` : kind;
  },
  create(options, env) {
    const { page: isPageRoute, files } = env.route;
    const { manifest } = options;
    const mode = options.mode ?? (files || manifest !== undefined ? "hash" : "nonce");
    const hashesOf = manifest === undefined || !isPageRoute ? () => undefined : readManifest(env.file(manifest));
    // A renderer that is told a nonce writes it into its page: while the guard only reports, nothing is told.
    const stamps = isPageRoute && mode === "nonce" && env.mode === "enforce";
    const { site, reports } = env;
    const policies = compilePagePolicies(options, { site, reports, nonce: mode === "nonce", hashesOf });
    const nonces = new WeakMap<Exchange, string>();

    return {
      request(exchange) {
        if (!stamps) return PASS;
        const nonce = btoa(String.fromCharCode(...env.random(16)));
        nonces.set(exchange, nonce);
        const { headers } = exchange.upstreamRequest;
        // Next.js reads the nonce out of the policy; other renderers take the shorter header.
        headers.set("x-nonce", nonce);
        headers.set("content-security-policy", policies.headersOf(exchange.path, 200, nonce)[1] ?? "");
        // What is rewritten had better come plain; files may stay packed.
        if (/^(?:document|i?frame)$/.test(exchange.header("sec-fetch-dest") ?? "")) headers.delete("accept-encoding");
        return PASS;
      },
      response(exchange) {
        const { response } = exchange;
        const { headers } = response;
        const isPages = isPageRoute && response.origin === "upstream";
        const kind = isPages ? kindOf(response) : "data";
        if (mode === "upstream" && kind === "page") {
          if (!headers.has("content-security-policy")) headers.append("content-security-policy", leastOfPages);
          return undefined;
        }
        headers.deleteWhere((name) => policyHeaders.has(name));
        // What a cache has keeps the policy that it came with, and the nonce in it.
        if (response.status === 304) return undefined;
        if (kind !== "page") {
          const text = { picture: picturePolicy, script: policies.worker, data: nothingRuns }[kind];
          headers.append("content-security-policy", text);
          return undefined;
        }
        const nonce = nonces.get(exchange) ?? "";
        headers.appendAll(policies.headersOf(exchange.path, response.status, nonce));
        return stamps ? stampPage(response, nonce, policies, env) : undefined;
      },
    };
  },
});

/**
 * Puts the nonce into a page. A nonce is good for one answer, so no cache may give the answer to somebody else, and no
 * validator may keep an old one alive.
 */
function stampPage(
  response: GatewayResponse,
  nonce: string,
  { trusts }: PagePolicies,
  env: GuardEnv,
): Denial | undefined | Promise<void> {
  const { headers, body } = response;
  const judged = judgeText(response);
  if (judged.kind !== "text") return deny("response-refused", "a page that cannot be read gets no nonce");
  const decoder = judged.coding === undefined ? undefined : env.decoder(judged.coding);
  if (judged.coding !== undefined && !decoder) {
    return deny("response-refused", "a page in a content coding that nobody knows gets no nonce");
  }
  dropBodyFacts(headers);
  headers.delete("content-encoding");
  headers.delete("last-modified");
  if (!/\bno-store\b/i.test(headers.get("cache-control") ?? "")) headers.set("cache-control", "private, no-cache");
  // Without it, a page could say in its text in which encoding it is read.
  const type = headers.get("content-type") ?? "text/html";
  if (!/;\s*charset=/i.test(type)) headers.set("content-type", `${type}; charset=utf-8`);
  if (body === null) return undefined;
  const rewritten = rewriteDocument(body, [stampRule(nonce, trusts)], decoder);
  if (!(rewritten instanceof Promise)) {
    response.body = rewritten;
    return undefined;
  }
  return rewritten.then((bytes) => {
    response.body = bytes;
  });
}
