import { z } from "zod";
import { bytesOption } from "../lib/bytes.ts";
import { serializePairs } from "../lib/pairs.ts";
import { readActionManifest } from "../lib/patches/action-manifest.ts";
import { frameworks } from "../lib/patches/frameworks.ts";
import type { ImageRules } from "../lib/patches/image-optimizer.ts";
import type { Framework, Patch, PatchContext, Refusal } from "../lib/patches/patch.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

const names = Object.keys(frameworks) as [keyof typeof frameworks, ...(keyof typeof frameworks)[]];

const images = z
  .strictObject({
    hosts: z
      .array(z.string().regex(/^(?:\*\.)?[a-z0-9.-]+(?::\d+)?$/, 'a host such as "cdn.example" or "*.cdn.example"'))
      .default([])
      .meta({ description: "Other sites whose pictures are optimised, by https only." }),
    paths: z
      .array(z.string().startsWith("/"))
      .default(["/"])
      .meta({ description: "Beginnings of the site's own paths whose pictures are optimised." }),
    widths: z.array(z.int().min(1)).optional().meta({ description: "The widths that are made; any unless said." }),
    maxWidth: z.int().min(1).max(16_384).default(3840).meta({ description: "The largest width and height." }),
    qualities: z.array(z.int().min(1).max(100)).optional().meta({ description: "The qualities that are made." }),
  })
  .prefault({})
  .meta({ description: "What the picture optimizer may be asked for." });

const detailed = z.strictObject({
  name: z.enum(names).meta({ description: "The framework." }),
  images,
  serverActions: z.string().optional().meta({
    description: "Next.js: the build's `server-reference-manifest.json`; without it no action can be called.",
  }),
  maxActionBytes: bytesOption("1mb").meta({ description: "Next.js: the largest body of a server action." }),
  components: z.array(z.string()).default([]).meta({
    description: "Nuxt and Astro: islands that may be called by their own address. SvelteKit: remote functions.",
  }),
});

/**
 * Closes known holes of the framework behind, whatever its version: virtual patches, each with its date and the advisories
 * that it answers. And it lets the framework's own client work: what that adds to headers and query passes in the form in
 * which it really sends it.
 */
export const framework = defineGuard({
  name: "framework",
  key: "framework",
  summary: "Stops attacks on known holes of the named framework and lets its own client's headers through.",
  controls: ["frontend-dependencies", "api-access", "api-input"],
  applies: "declared",
  options: z.union([z.enum(names).transform((name) => detailed.parse({ name })), detailed]),
  // Behind the route's own body guard: what is judged here is what goes upstream.
  stage: () => "content",
  describe({ name }) {
    const { patches, reviewedUntil, title } = frameworks[name];
    return `${patches.length} virtual patches for ${title}, advisories read until ${reviewedUntil}`;
  },
  create(options, env) {
    const chosen: Framework = frameworks[options.name];
    const context: PatchContext = {
      site: env.site,
      images: options.images as ImageRules,
      actions: options.serverActions === undefined ? undefined : readActionManifest(env.file(options.serverActions)),
      maxActionBytes: options.maxActionBytes,
      components: new Set(options.components),
      random: env.random,
    };
    const judges = chosen.patches.filter(({ request }) => request);
    const answers = chosen.patches.filter(({ response }) => response);
    return {
      claims: {
        headers: Object.keys(chosen.headers),
        query: (name, path) => chosen.claims?.(name, path) !== undefined,
        pageOf: chosen.pageOf,
      },
      request(exchange): Verdict | Promise<Verdict> {
        return judgeForms(exchange, chosen) ?? judgeWith(judges, exchange, context, 0);
      },
      response(exchange) {
        if (exchange.response.origin !== "upstream") return;
        for (const patch of answers) patch.response?.(exchange.response, exchange);
      },
    };
  },
});

/** Whether what the framework's client adds looks as that client writes it; what was claimed goes upstream. */
function judgeForms(exchange: Exchange, { claims, headers }: Framework): Verdict | undefined {
  for (const name in headers) {
    const value = exchange.header(name);
    if (value !== undefined && headers[name]?.test(value) !== true) {
      return deny("invalid-headers", `the header ${name} has a form that the framework's client never sends`);
    }
  }
  const { upstreamRequest } = exchange;
  for (const pair of exchange.claimedQuery) {
    if (claims?.(pair[0], exchange.path)?.test(pair[1]) !== true) {
      return deny("invalid-query", `the key ${pair[0]} has a form that the framework's client never sends`);
    }
    // The route's own query guard wrote the query anew without it.
    const text = serializePairs([pair]);
    if (`&${upstreamRequest.query}&`.includes(`&${text}&`)) continue;
    upstreamRequest.query = upstreamRequest.query === "" ? text : `${upstreamRequest.query}&${text}`;
  }
  return undefined;
}

/** Asks one patch after the other; a promise is awaited only where there is one. */
function judgeWith(
  patches: readonly Patch[],
  exchange: Exchange,
  context: PatchContext,
  from: number,
): Verdict | Promise<Verdict> {
  for (let at = from; at < patches.length; at += 1) {
    const patch = patches[at];
    const judged = patch?.request?.(exchange, context);
    if (judged instanceof Promise) {
      return judged.then((late) => (late ? refuse(patch, late) : judgeWith(patches, exchange, context, at + 1)));
    }
    if (judged) return refuse(patch, judged);
  }
  return PASS;
}

function refuse(patch: Patch | undefined, { problem, reason }: Refusal): Verdict {
  return deny(problem, `${patch?.id}: ${reason}`);
}
