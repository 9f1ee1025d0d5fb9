import { z } from "zod";
import { createOriginReplacer, type OriginReplacer } from "../lib/origin-replacer.ts";
import { textOption } from "../lib/text-option.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS } from "./contract/verdict.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";

const origin = textOption(parseOrigin, 'an origin, for example "http://10.0.0.5:8080"');

const textTypes = /^text\/|[/+](?:json|xml|javascript)$/;
const linkHeaders = ["location", "content-location", "link", "refresh"] as const;
/** Digests of the body as it was (RFC 9530, RFC 1864), and the offer of parts of it. */
const bodyFacts = ["content-digest", "repr-digest", "digest", "content-md5", "accept-ranges"] as const;

/**
 * Puts the public origin in place of an upstream's own in what the upstream answers.
 *
 * A headless CMS writes absolute links with the address at which it was installed. They tell everybody where the machine
 * behind the gateway is, and send readers and crawlers past every guard to whoever finds it reachable. Only whole origins
 * are replaced: `http://cms.example` is not touched in `http://cms.example.org`.
 */
export const rewriteOrigin = defineGuard({
  name: "rewrite-origin",
  key: "rewriteOrigin",
  summary: "Replaces the upstream's own origin by the public one in links, redirects and text bodies.",
  controls: ["api-error-leak"],
  applies: "declared",
  options: z.strictObject({
    from: z
      .union([origin.transform((one) => [one]), z.array(origin).min(1)])
      .meta({ description: "the origins that the upstream believes to be its own, one or a list" }),
    to: origin.optional().meta({ description: "what stands in their place; the site's public origin unless said" }),
    bodies: z.boolean().default(true).meta({
      description: "whether bodies are rewritten, too; without, only headers are, and parts of a file can be asked for",
    }),
  }),
  // Next to the upstream: every other guard judges the answer as the client will see it.
  stage: () => "upstream",
  describe: ({ from, to, bodies }) =>
    `${from.join(", ")} becomes ${to ?? "the public origin"} in ${bodies ? "every answer" : "redirects and links"}`,
  create({ from, to, bodies }, env) {
    const replacer = createOriginReplacer(from, to ?? env.site);

    return {
      request({ upstreamRequest }) {
        if (!bodies) return PASS;
        // A coded body cannot be searched, and a part of a body may begin in the middle of an origin.
        for (const name of ["accept-encoding", "range", "if-range"]) upstreamRequest.headers.delete(name);
        return PASS;
      },
      response({ response }) {
        if (response.origin !== "upstream") return undefined;
        rewriteHeaders(response, replacer);
        if (!bodies || !mayHoldText(response)) return undefined;
        if (isCoded(response)) return deny("response-refused", "a coded body, in which origins cannot be replaced");
        rewriteBody(response, replacer);
        return undefined;
      },
    };
  },
});

function parseOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`"${text}" is not an origin.`);
  if (url.origin !== text.replace(/\/$/, ""))
    throw new Error(`"${text}" is more than an origin. Write "${url.origin}".`);
  return url.origin;
}

function rewriteHeaders({ headers }: GatewayResponse, replacer: OriginReplacer): void {
  for (const name of linkHeaders) {
    const values = headers.getAll(name);
    if (values.length === 0) continue;
    headers.delete(name);
    for (const value of values) headers.append(name, replacer.text(value));
  }
}

/** Text of any kind; a 304 names no type and has to agree with the answer whose validator it repeats. */
function mayHoldText({ status, headers }: GatewayResponse): boolean {
  const type = headers.get("content-type");
  if (type === undefined) return status === 304;
  return textTypes.test((type.split(";")[0] ?? "").trim().toLowerCase());
}

function isCoded({ headers, body }: GatewayResponse): boolean {
  return body !== null && (headers.get("content-encoding") ?? "identity").trim().toLowerCase() !== "identity";
}

function rewriteBody(response: GatewayResponse, replacer: OriginReplacer): void {
  const { headers, body } = response;
  for (const name of bodyFacts) headers.delete(name);
  // The bytes are not those that the upstream vouched for; that they mean the same still holds (RFC 9110, 8.8.1).
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) headers.set("etag", `W/${etag}`);
  headers.delete("content-length");
  if (body === null) return;
  response.body = body instanceof Uint8Array ? replacer.whole(body) : replacer.stream(body);
}
