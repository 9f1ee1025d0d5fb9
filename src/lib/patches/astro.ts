import { refuseForeignPageWrites, refuseForeignWrites } from "./foreign-writes.ts";
import { judgeSize, judgeSource } from "./image-optimizer.ts";
import type { Framework, PatchContext, PatchedRequest, Refusal } from "./patch.ts";
import { stripHeaders } from "./stripped.ts";

const date = "2026-11-27";
const imagePath = "/_image";
const pictures = /\/_image\/?$/i;
const imageKeys = new Set(["href", "w", "h", "q", "f", "fit", "position", "background"]);

/** Astro, rendered on demand. */
export const astro: Framework = {
  name: "astro",
  title: "Astro",
  reviewedUntil: "2026-11-27",
  headers: {},
  claims: (name, path) => (pictures.test(path) && imageKeys.has(name) ? /^[^\u0000-\u001f]*$/ : undefined),
  patches: [
    {
      id: "astro-internal-headers",
      cves: [],
      date,
      stops: "Headers that put another path or foreign locals in place of the real ones (`x-astro-…`).",
      request: stripHeaders(/^x-astro-/),
    },
    {
      id: "astro-forwarded-headers",
      cves: ["CVE-2025-64525"],
      date,
      stops: "Middleware walked around, caches poisoned and requests made by `X-Forwarded-Proto` and `-Port`.",
      by: "the transport: forwarding headers are written anew",
    },
    {
      id: "astro-host",
      cves: ["CVE-2026-25545", "CVE-2026-27829"],
      date,
      stops: "Error pages fetched from a host that a client named in `Host`.",
      by: "the transport: `Host` is one that the policy serves",
    },
    {
      id: "astro-image-optimizer",
      cves: ["CVE-2025-55303", "CVE-2025-58179", "CVE-2026-41321"],
      date,
      stops: "Pictures from anywhere and in any size through `/_image` (`href=//host`), and with a visitor's cookies.",
      request: judgeImage,
    },
    {
      id: "astro-server-islands",
      cves: [],
      date,
      stops: "Components made at their own address (`/_server-islands/…`) with properties of the caller's choice.",
      request: judgeIsland,
    },
    {
      id: "astro-foreign-writes",
      cves: [],
      date,
      stops: "Actions and forms called from another site, from a sandboxed frame, or from nowhere.",
      request: (request, context) =>
        request.path.split("/").includes("_actions")
          ? refuseForeignWrites(request, context)
          : refuseForeignPageWrites(request, context),
    },
  ],
};

function judgeImage(request: PatchedRequest, { images }: PatchContext): Refusal | undefined {
  if (!pictures.test(request.path)) return undefined;
  const given = new Map(request.claimedQuery);
  if (given.size !== request.claimedQuery.length || request.query.length > 0) {
    return {
      problem: "invalid-query",
      reason: "the picture optimizer: a key given twice, or one that it does not know",
    };
  }
  for (const name of ["cookie", "authorization"]) request.upstreamRequest.headers.delete(name);
  // SVG is passed on as it is, with the scripts in it.
  if (given.get("f")?.toLowerCase().startsWith("svg") === true) {
    return { problem: "invalid-query", reason: "the picture optimizer: SVG is no picture" };
  }
  return (
    judgeSource(given.get("href") ?? "", images, imagePath) ??
    judgeSize({ width: given.get("w"), quality: toNumber(given.get("q")) }, images) ??
    judgeSize({ width: given.get("h") }, images)
  );
}

/** Qualities may also be words. */
function toNumber(quality: string | undefined): string | undefined {
  return quality !== undefined && /^(?:low|mid|high|max)$/.test(quality) ? undefined : quality;
}

function judgeIsland({ path }: PatchedRequest, { components }: PatchContext): Refusal | undefined {
  const segments = path.split("/");
  const at = segments.findIndex((segment) => segment.toLowerCase() === "_server-islands");
  if (at < 0) return undefined;
  if (segments.length === at + 2 && components.has(segments[at + 1] ?? "")) return undefined;
  return { problem: "not-found", reason: "an island that the policy does not declare" };
}
