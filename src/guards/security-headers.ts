import { z } from "zod";
import { durationOption } from "../lib/duration.ts";
import { defineGuard } from "./guard.ts";

const options = z
  .strictObject({
    hsts: z
      .strictObject({
        maxAge: durationOption("730d").meta({ description: "How long browsers remember to come by HTTPS only." }),
        includeSubDomains: z.boolean().default(true).meta({ description: "Subdomains, too." }),
        preload: z.boolean().default(true).meta({ description: "Consent to being built into browsers' lists." }),
      })
      .prefault({})
      .meta({ description: "Strict-Transport-Security." }),
    frame: z
      .enum(["deny", "same-origin"])
      .default("deny")
      .meta({ description: "Who may show an answer in a frame: nobody, or the site itself." }),
    referrer: z
      .enum(["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"])
      .default("strict-origin-when-cross-origin")
      .meta({ description: "Referrer-Policy of pages; data answers send none." }),
    permissions: z
      .string()
      .default("camera=(), geolocation=(), microphone=(), payment=(), usb=()")
      .meta({ description: "Permissions-Policy of pages." }),
    resourcePolicy: z
      .enum(["same-origin", "same-site", "cross-origin"])
      .default("same-site")
      .meta({ description: "Cross-Origin-Resource-Policy: which sites may embed an answer without CORS." }),
    openerPolicy: z
      .enum(["same-origin", "same-origin-allow-popups", "unsafe-none"])
      .default("same-origin")
      .meta({ description: "Cross-Origin-Opener-Policy of pages." }),
    embedderPolicy: z
      .enum(["unsafe-none", "credentialless", "require-corp"])
      .default("unsafe-none")
      .meta({ description: "Cross-Origin-Embedder-Policy of pages: what they may embed without its consent." }),
    clearSiteData: z
      .array(z.enum(["cache", "cookies", "storage", "executionContexts"]))
      .default([])
      .meta({ description: "What browsers forget after a good answer: for the route that signs out." }),
  })
  .prefault({});

/** Headers that tell an attacker what runs behind, and so which holes to try. */
export const banners: readonly string[] = [
  "server",
  "x-powered-by",
  "x-aspnet-version",
  "x-aspnetmvc-version",
  "x-generator",
  "x-runtime",
  "x-version",
  "x-backend-server",
  "x-drupal-cache",
  "x-pingback",
  "x-redirect-by",
  "x-debug-token",
  "x-debug-token-link",
  "via",
];

/** Puts the headers that make browsers careful on every answer, refusals included, and takes the banners off. */
export const securityHeaders = defineGuard({
  name: "security-headers",
  key: "securityHeaders",
  summary: "Puts HSTS, nosniff, framing and referrer policies on every answer and removes banners.",
  controls: ["frontend-headers", "api-tls"],
  applies: "always",
  options,
  stage: () => "headers",
  describe: () => "browsers are told to be careful; the upstream's banners are removed",
  create(settings, { route }) {
    const api = apiHeaders(settings);
    const page = pageHeaders(settings);
    const replaced = new Set([...banners, ...namesOf(api)]);
    const replacedOnPages = new Set([...banners, ...namesOf(page)]);
    const forgotten = settings.clearSiteData.map((kind) => `"${kind}"`).join(", ");
    return {
      response({ response, principal }) {
        const { headers, origin } = response;
        const isPage = route.page && origin === "upstream";
        const names = isPage ? replacedOnPages : replaced;
        headers.deleteWhere((name) => names.has(name));
        headers.appendAll(isPage ? page : api);
        if (forgotten !== "" && response.status < 400) headers.set("clear-site-data", forgotten);
        const isPrivate = principal.kind !== "anonymous" || (origin === "gateway" && response.status >= 400);
        if (isPrivate && !headers.has("cache-control")) headers.append("cache-control", "no-store");
      },
    };
  },
});

type Settings = z.output<typeof options>;

function commonHeaders({ hsts, frame, resourcePolicy }: Settings): string[] {
  const transport = [
    `max-age=${Math.floor(hsts.maxAge / 1000)}`,
    ...(hsts.includeSubDomains ? ["includeSubDomains"] : []),
    ...(hsts.preload ? ["preload"] : []),
  ];
  return [
    "strict-transport-security",
    transport.join("; "),
    "x-content-type-options",
    "nosniff",
    "x-frame-options",
    frame === "deny" ? "DENY" : "SAMEORIGIN",
    "cross-origin-resource-policy",
    resourcePolicy,
  ];
}

function apiHeaders(settings: Settings): readonly string[] {
  return [...commonHeaders(settings), "referrer-policy", "no-referrer"];
}

/** The header fields of a page, flat. */
export function pageHeaders(settings: Settings): readonly string[] {
  return [
    ...commonHeaders(settings),
    "referrer-policy",
    settings.referrer,
    "permissions-policy",
    settings.permissions,
    "cross-origin-opener-policy",
    settings.openerPolicy,
    "origin-agent-cluster",
    "?1",
    ...(settings.embedderPolicy === "unsafe-none" ? [] : ["cross-origin-embedder-policy", settings.embedderPolicy]),
  ];
}

function namesOf(flat: readonly string[]): string[] {
  return flat.filter((_, at) => at % 2 === 0);
}
