import { refuseForeignPageWrites, refuseForeignWrites } from "./foreign-writes.ts";
import type { Framework, PatchContext, PatchedRequest, Refusal } from "./patch.ts";
import { stripHeaders } from "./stripped.ts";

const date = "2026-11-27";
const data = "__data.json";

/** SvelteKit. */
export const sveltekit: Framework = {
  name: "sveltekit",
  title: "SvelteKit",
  reviewedUntil: "2026-11-27",
  headers: {
    "x-sveltekit-action": /^true$/,
    "x-sveltekit-pathname": /^\/(?!\/)[\u0021-\u005b\u005d-\u007e]{0,2048}$/,
    "x-sveltekit-search": /^\??[\u0021-\u007e]{0,4096}$/,
  },
  claims(name) {
    if (name === "x-sveltekit-invalidated") return /^[01]{1,64}$/;
    return name === "x-sveltekit-trailing-slash" ? /^1$/ : undefined;
  },
  /** `/account/__data.json` is `/account`, and `/account.html__data.json` is `/account.html`. */
  pageOf(segments) {
    const last = segments.at(-1) ?? "";
    if (last.toLowerCase() === data) return segments.length === 1 ? [""] : segments.slice(0, -1);
    if (!last.toLowerCase().endsWith(`.html${data}`)) return undefined;
    return [...segments.slice(0, -1), last.slice(0, -data.length)];
  },
  patches: [
    {
      id: "sveltekit-data-spelling",
      cves: [],
      date,
      stops:
        "A page's data by another path (`/account/__data.json`): it stands under the rules of the page's own route.",
      by: "routing",
    },
    {
      id: "sveltekit-internal-headers",
      cves: [],
      date,
      stops: "Headers by which a prerender talks to the app (`x-sveltekit-prerender`).",
      request: stripHeaders(/^x-sveltekit-(?!action$|pathname$|search$)/),
    },
    {
      id: "sveltekit-remote-functions",
      cves: [],
      date,
      stops: "Remote functions (`/_app/remote/…`) that the policy does not declare.",
      request: judgeRemote,
    },
    {
      id: "sveltekit-foreign-writes",
      cves: [],
      date,
      stops: "Actions and remote functions called from another site, from a sandboxed frame, or from nowhere.",
      request: (request, context) =>
        isRemote(request.path) ? refuseForeignWrites(request, context) : refuseForeignPageWrites(request, context),
    },
  ],
};

function isRemote(path: string): boolean {
  return /\/_app\/remote\//i.test(path);
}

/** `/_app/remote/<hash>/<name>`, and for queries with an argument one more segment. */
function judgeRemote({ path }: PatchedRequest, { components }: PatchContext): Refusal | undefined {
  if (!isRemote(path)) return undefined;
  const [, name = ""] = /\/_app\/remote\/[\w-]+\/([\w$]+)(?:\/[^/]*)?$/.exec(path) ?? [];
  return components.has(name) ? undefined : { problem: "not-found", reason: "a remote function that is not declared" };
}
