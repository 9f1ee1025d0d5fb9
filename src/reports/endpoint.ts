import { createHash } from "node:crypto";
import { clientScript } from "../browser/client.gen.ts";
import type { Exchange } from "../guards/contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { HeadgateError } from "../lib/error.ts";
import { HeaderList } from "../lib/header-list.ts";
import { createOwnUpstream } from "../upstream/own.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { type CollectorEnv, createCollector } from "./collector.ts";
import type { ReportsOptions } from "./options.ts";
import { maxReportBytes, parseBrowserReports, parsePageErrors } from "./parse-reports.ts";
import { reportPaths } from "./paths.ts";
import type { PageOf, ParsedReports } from "./report.ts";
import { reportsUpstream } from "./routes.ts";

/** What the endpoint needs beside the collector's own. */
export interface ReportsEnv extends CollectorEnv {
  readonly pageOf: PageOf;
}

const script = new TextEncoder().encode(clientScript);
const scriptTag = `"${createHash("sha256").update(script).digest("base64url").slice(0, 22)}"`;

/**
 * The part of the gateway that answers under the paths of `reports`. Every post is answered alike, whatever became of it:
 * who tries what the collector takes, learns nothing.
 */
export function createReports(options: ReportsOptions, env: ReportsEnv): Upstream {
  const paths = reportPaths(options);
  const collector = createCollector(options, env);
  const isScript = (exchange: Exchange) => exchange.path === paths.client && exchange.method !== "OPTIONS";

  return createOwnUpstream(reportsUpstream, async (exchange) => {
    if (isScript(exchange)) return toScript(exchange.header("if-none-match"));
    if (exchange.method === "OPTIONS") return thanks();
    const parse = exchange.path === paths.errors ? parsePageErrors : parseBrowserReports;
    await collector.take(exchange, await readReports(exchange, (bytes, type) => parse(bytes, type, env.pageOf)));
    return thanks();
  });
}

async function readReports(
  exchange: Exchange,
  parse: (bytes: Uint8Array, contentType: string) => ParsedReports,
): Promise<ParsedReports> {
  exchange.body.limit(maxReportBytes);
  try {
    return parse(await exchange.body.read(), exchange.header("content-type") ?? "");
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    return { reports: [], lost: new Map([["malformed", 1]]) };
  }
}

/** Answers posts and the preflights for them. Any page may have it: it says nothing, and costs a browser no cookie. */
function thanks(): GatewayResponse {
  const headers = [
    ...["access-control-allow-origin", "*"],
    ...["access-control-allow-methods", "POST"],
    ...["access-control-allow-headers", "content-type"],
    ...["access-control-max-age", "86400"],
    ...["cache-control", "no-store"],
  ];
  return { status: 204, headers: new HeaderList(headers), body: null, origin: "gateway" };
}

/** The client script, or word that the browser has it already (RFC 9110 section 13.1.2). */
function toScript(known: string | undefined): GatewayResponse {
  const headers = ["etag", scriptTag, "cache-control", "public, max-age=3600"];
  const isKnown = known?.split(",").some((tag) => ["*", scriptTag].includes(tag.trim().replace(/^W\//, ""))) === true;
  if (isKnown) return { status: 304, headers: new HeaderList(headers), body: null, origin: "gateway" };
  headers.push("content-type", "text/javascript; charset=utf-8");
  return { status: 200, headers: new HeaderList(headers), body: script, origin: "gateway" };
}
