import type { GatewayResponse } from "../gateway-response.ts";
import { refuseForeignPageWrites, refuseForeignWrites } from "./foreign-writes.ts";
import { actionId, judgeActionBody } from "./flight-payload.ts";
import { judgeSize, judgeSource } from "./image-optimizer.ts";
import type { Framework, PatchContext, PatchedRequest, Refusal } from "./patch.ts";
import { stripHeaders, stripQuery } from "./stripped.ts";

const date = "2026-11-27";
const imagePath = "/_next/image";
/** Also below a base path, and with the slash that `trailingSlash` adds. */
const images = /\/_next\/image\/?$/i;
const imageKeys = new Set(["url", "w", "q", "dpl"]);
const internalHeaders =
  /^(?:x-middleware-|x-invoke-|x-nextjs-|x-next-|x-now-|x-vercel-|x-matched-path$|x-action-|x-prerender-|x-revalidate|next-resume$|next-hmr-refresh$|location$)/;
const component = "text/x-component";

/** Answers that Next's own client reads have these; every other one tells about the inside. */
const clientAnswers =
  /^x-nextjs-(?:postponed|stale-time|rewritten-path|rewritten-query|action-not-found|redirect|rewrite|matched-path|prerender)$/;
const variesBy = ["RSC", "Next-Router-State-Tree", "Next-Router-Prefetch", "Next-Router-Segment-Prefetch", "Next-Url"];

/**
 * Next.js. Facts: the advisories of the project and `packages/next/src/client/components/app-router-headers.ts`.
 */
export const next: Framework = {
  name: "next",
  title: "Next.js",
  reviewedUntil: "2026-11-27",
  headers: {
    rsc: /^1$/,
    "next-router-prefetch": /^[123]$/,
    "next-router-state-tree": /^%5B[A-Za-z0-9%_.!~*'()-]{1,8192}$/,
    "next-router-segment-prefetch": /^\/[\u0021-\u007e]{0,512}$/,
    "next-url": /^\/(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\u0021-\u005b\u005d-\u007e]{0,2048}$/,
    "next-action": actionId,
    "x-deployment-id": /^[\w-]{1,64}$/,
    purpose: /^prefetch$/,
    prefer: /^return=(?:minimal|representation)$/,
  },
  claims(name, path) {
    if (name === "_rsc") return /^[A-Za-z0-9_-]{0,64}$/;
    // Judged as a whole by the patch.
    return images.test(path) && imageKeys.has(name) ? /^[^\u0000-\u001f]*$/ : undefined;
  },
  pageOf: toPage,
  patches: [
    {
      id: "next-internal-headers",
      cves: ["CVE-2025-29927", "CVE-2026-44579", "CVE-2026-44572", "CVE-2024-46982", "CVE-2025-57822"],
      date,
      stops: "Headers by which Next's own parts talk: they skip middleware, resume renderings and poison caches.",
      request: stripHeaders(internalHeaders),
    },
    {
      id: "next-internal-query",
      cves: ["CVE-2026-44574", "CVE-2024-46982"],
      date,
      stops: "Query keys that set route parameters (`nxtP…`, `nxtI…`) or ask for data (`__next…`) past middleware.",
      request: stripQuery(/^(?:nxt[PI]|__next)/i),
    },
    {
      id: "next-transport-spellings",
      cves: ["CVE-2026-44575", "CVE-2026-45109", "CVE-2026-44573", "CVE-2026-64642"],
      date,
      stops:
        "A page's data by another path (`.rsc`, `.segments/…`, `/_next/data/…`): it stands under the rules of the page's own route.",
      by: "routing",
    },
    {
      id: "next-server-actions",
      cves: ["CVE-2025-55182", "CVE-2026-64643", "CVE-2025-55183"],
      date,
      stops: "Calls of server actions that the build does not list, and all of them where the policy names no build.",
      request: judgeAction,
    },
    {
      id: "next-flight-payload",
      cves: [
        "CVE-2025-55182",
        "CVE-2025-55184",
        "CVE-2025-67779",
        "CVE-2026-23870",
        "CVE-2026-64641",
        "CVE-2026-64646",
      ],
      date,
      stops:
        "Bodies of actions that reach prototypes or build React's inner values, in any escape or encoding, and bodies without bound.",
      request: (request, context) => (callsAction(request) ? judgeActionBody(request, context) : undefined),
    },
    {
      id: "next-foreign-writes",
      cves: ["CVE-2026-27978", "CVE-2026-27977"],
      date,
      stops: "Actions called from another site, from a sandboxed frame (`Origin: null`), or from nowhere.",
      request: (request, context) =>
        request.header("next-action") === undefined
          ? refuseForeignPageWrites(request, context)
          : refuseForeignWrites(request, context),
    },
    {
      id: "next-image-optimizer",
      cves: ["CVE-2025-55173", "CVE-2025-57752", "CVE-2024-47831", "CVE-2026-64644"],
      date,
      stops:
        "Pictures from anywhere and in any size through `/_next/image`, and pictures fetched with a visitor's cookies.",
      request: judgeImage,
    },
    {
      id: "next-component-caching",
      cves: ["CVE-2026-44576", "CVE-2026-64648", "CVE-2023-46298"],
      date,
      stops: "A cache that gives one visitor's component data to others, or component data in place of the page.",
      response: keepComponentsOut,
    },
    {
      id: "next-inner-answers",
      cves: [],
      date,
      stops: "Response headers that tell how middleware and caches came to the answer.",
      response: ({ headers }, request) => {
        const asked = request.header("rsc") !== undefined || request.header("next-action") !== undefined;
        const isForClient = asked || toPage(request.path.slice(1).split("/")) !== undefined;
        headers.deleteWhere(
          (name) => /^x-(?:nextjs|middleware)-/.test(name) && !(isForClient && clientAnswers.test(name)),
        );
      },
    },
    {
      id: "next-absolute-targets",
      cves: ["CVE-2026-44578"],
      date,
      stops: "Requests made with the server's own network by an upgrade to an absolute address.",
      by: "the transport: no absolute targets, no upgrade that is not declared",
    },
    {
      id: "next-chunked-rewrites",
      cves: ["CVE-2026-29057"],
      date,
      stops: "A second request smuggled in the chunked body of a method that has none.",
      by: "the transport: every request is framed anew",
    },
    {
      id: "next-host",
      cves: ["CVE-2024-34351", "CVE-2026-64645", "CVE-2026-64649"],
      date,
      stops: "Requests to a host that a client named in `Host` or `X-Forwarded-Host`.",
      by: "the transport: `Host` is one that the policy serves, forwarding headers are written anew",
    },
  ],
};

/** `/account.rsc`, `/account.segments/_tree.segment.rsc` and `/_next/data/<build>/account.json` are `/account`. */
function toPage(segments: readonly string[]): readonly string[] | undefined {
  const last = segments.at(-1) ?? "";
  const data = segments.findIndex((segment, at) => segment === "_next" && segments[at + 1] === "data");
  if (data >= 0 && segments.length > data + 3 && /\.json$/i.test(last)) {
    const rest = [...segments.slice(data + 3, -1), last.slice(0, -".json".length)];
    // Below a base path the page at the root is the base path itself.
    const page = withoutIndex(rest);
    return data === 0 ? page : [...segments.slice(0, data), ...(page[0] === "" ? [] : page)];
  }
  const within = segments.findIndex((segment) => /\.segments$/i.test(segment));
  if (within >= 0 && /\.segment\.rsc$/i.test(last)) {
    return withoutIndex([...segments.slice(0, within), (segments[within] ?? "").slice(0, -".segments".length)]);
  }
  if (!/\.rsc$/i.test(last)) return undefined;
  return withoutIndex([...segments.slice(0, -1), last.replace(/(?:\.prefetch)?\.rsc$/i, "")]);
}

/** The page at the root is called `index` where it has to have a name. */
function withoutIndex(page: readonly string[]): readonly string[] {
  return page.length === 1 && page[0] === "index" ? [""] : page;
}

function judgeAction(request: PatchedRequest, { actions }: PatchContext): Refusal | undefined {
  if (!callsAction(request)) return undefined;
  if (!actions) return { problem: "access-denied", reason: "the policy names no build whose actions may be called" };
  const id = request.header("next-action");
  if (id === undefined || (request.method === "POST" && actions.has(id))) return undefined;
  return { problem: "access-denied", reason: "the build lists no such action" };
}

/** By script with a header, or by a form that a page posts to itself. */
function callsAction(request: PatchedRequest): boolean {
  if (request.header("next-action") !== undefined) return true;
  if (request.method !== "POST" || !request.route.page) return false;
  return /^\s*(?:multipart\/form-data|application\/x-www-form-urlencoded)/i.test(request.header("content-type") ?? "");
}

function judgeImage(request: PatchedRequest, { images: rules }: PatchContext): Refusal | undefined {
  if (!images.test(request.path)) return undefined;
  const given = new Map(request.claimedQuery);
  if (given.size !== request.claimedQuery.length || request.query.length > 0) {
    return {
      problem: "invalid-query",
      reason: "the picture optimizer: a key given twice, or one that it does not know",
    };
  }
  // What an optimizer keeps is for everybody, so nobody's credentials may have a part in it.
  for (const name of ["cookie", "authorization"]) request.upstreamRequest.headers.delete(name);
  return (
    judgeSource(given.get("url") ?? "", rules, imagePath) ??
    judgeSize({ width: given.get("w") ?? "", quality: given.get("q") ?? "" }, rules)
  );
}

function keepComponentsOut({ headers }: GatewayResponse, request: PatchedRequest): void {
  const isComponent = headers.get("content-type")?.startsWith(component) === true;
  if (isComponent || request.header("rsc") !== undefined) headers.set("cache-control", "private, no-store");
  if (isComponent || request.route.page) for (const name of variesBy) headers.addToken("vary", name);
}
