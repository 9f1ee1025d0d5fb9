import { judgeSize, judgeSource } from "./image-optimizer.ts";
import { refuseForeignPageWrites } from "./foreign-writes.ts";
import type { Framework, PatchContext, PatchedRequest, Refusal } from "./patch.ts";
import { stripHeaders } from "./stripped.ts";

const date = "2026-11-27";
const islands = "__nuxt_island";
const pictures = "_ipx";
const redirects =
  /^(?:redirect|redirect_to|redirectTo|redirect_uri|return|returnTo|return_to|next|to|url|callback|continue)$/i;

/** Nuxt, on Nitro. */
export const nuxt: Framework = {
  name: "nuxt",
  title: "Nuxt",
  reviewedUntil: "2026-11-27",
  headers: {},
  claims: (name, path) =>
    path.split("/").includes(islands) && name === "props" ? /^[^\u0000-\u001f]{0,4096}$/ : undefined,
  pageOf(segments) {
    const last = (segments.at(-1) ?? "").toLowerCase();
    if (last !== "_payload.json" && last !== "_payload.js") return undefined;
    return segments.length === 1 ? [""] : segments.slice(0, -1);
  },
  patches: [
    {
      id: "nuxt-internal-headers",
      cves: [],
      date,
      stops: "Headers that switch rendering off or pretend a prerender (`x-nuxt-…`, `x-nitro-…`).",
      request: stripHeaders(/^x-(?:nuxt|nitro)-/),
    },
    {
      id: "nuxt-payload-spelling",
      cves: ["CVE-2025-27415"],
      date,
      stops:
        "A page's data by another path (`/account/_payload.json`): it stands under the rules of the page's own route.",
      by: "routing",
    },
    {
      id: "nuxt-payload-query",
      cves: ["CVE-2025-27415"],
      date,
      stops: "A cache that keeps a page's data for the page itself, led on by `/?/_payload.json`.",
      by: "the canonical form of the query: no name that looks like a path",
    },
    {
      id: "nuxt-path-spellings",
      cves: ["CVE-2026-53721", "CVE-2026-114131", "CVE-2026-119200"],
      date,
      stops: "Paths that route rules and middleware read in another way than the router.",
      by: "the canonical form of the path: one spelling is matched and forwarded",
    },
    {
      id: "nuxt-islands",
      cves: ["CVE-2026-71318"],
      date,
      stops: "Components made at their own address (`/__nuxt_island/…`) with properties of the caller's choice.",
      request: judgeIsland,
    },
    {
      id: "nuxt-image-optimizer",
      cves: [],
      date,
      stops: "Pictures from anywhere and in any size through `/_ipx`, and pictures fetched with a visitor's cookies.",
      request: judgePicture,
    },
    {
      id: "nuxt-redirect-parameters",
      cves: ["CVE-2026-45669"],
      date,
      stops: "Scripts in parameters that name where to go on (`javascript:` and its kin).",
      request: judgeRedirects,
    },
    {
      id: "nuxt-foreign-writes",
      cves: [],
      date,
      stops: "Forms posted to a page from another site.",
      request: refuseForeignPageWrites,
    },
  ],
};

function judgeIsland({ path }: PatchedRequest, { components }: PatchContext): Refusal | undefined {
  const segments = path.split("/");
  const at = segments.findIndex((segment) => segment.toLowerCase() === islands);
  if (at < 0) return undefined;
  const file = segments[at + 1] ?? "";
  if (segments.length === at + 2 && segments[at] === islands && isOneOf(components, file)) return undefined;
  return { problem: "not-found", reason: "an island that the policy does not declare" };
}

/** The file's name is the component's, a hash of its properties, in which underscores may stand, and an ending. */
function isOneOf(components: ReadonlySet<string>, file: string): boolean {
  const stem = file.endsWith(".json") ? file.slice(0, -".json".length) : file;
  for (const component of components) {
    if (stem === component) return true;
    if (stem.startsWith(`${component}_`) && /^[\w-]+$/.test(stem.slice(component.length + 1))) return true;
  }
  return false;
}

/** `/_ipx/w_200,q_80/photo.jpg`: modifiers, then the path or the address of the picture. */
function judgePicture(request: PatchedRequest, { images }: PatchContext): Refusal | undefined {
  const segments = request.path.slice(1).split("/");
  const at = segments.findIndex((segment) => segment.toLowerCase() === pictures);
  if (at < 0) return undefined;
  for (const name of ["cookie", "authorization"]) request.upstreamRequest.headers.delete(name);
  const modifiers = new Map<string, string>();
  for (const text of (segments[at + 1] ?? "").split(/[,&]/)) {
    const [, name = "", value = ""] = /^([a-z]{1,12})(?:_([A-Za-z0-9.x]{1,24}))?$/.exec(text) ?? [];
    if (name === "" ? text !== "_" : modifiers.has(name)) {
      return { problem: "invalid-path", reason: "the picture optimizer: modifiers that it does not know" };
    }
    modifiers.set(name, value);
  }
  const [size = "", height = size] = (modifiers.get("s") ?? modifiers.get("resize") ?? "").split("x");
  const rest = decodeURIComponent(segments.slice(at + 2).join("/"));
  // The slash behind the scheme's own is gone in a canonical path, and some clients write one only.
  const source = /^https?:\//.test(rest) ? rest.replace(/^(https?):\/+/, "$1://") : `/${rest}`;
  const sizes = [
    modifiers.get("w") ?? modifiers.get("width"),
    modifiers.get("h") ?? modifiers.get("height"),
    size,
    height,
  ];
  return (
    judgeSource(source, images, `/${pictures}/`) ??
    sizes.reduce<Refusal | undefined>(
      (refused, width) => refused ?? judgeSize({ width: width === "" ? undefined : width }, images),
      undefined,
    ) ??
    judgeSize({ quality: modifiers.get("q") ?? modifiers.get("quality") }, images)
  );
}

function judgeRedirects({ query }: PatchedRequest): Refusal | undefined {
  const isScript = (value: string) =>
    /^(?:javascript|data|vbscript):/i.test(value.replace(/[\u0000-\u0020\u007f]/g, ""));
  return query.some(([name, value]) => redirects.test(name) && isScript(value))
    ? { problem: "invalid-query", reason: "a parameter that names where to go on holds a script" }
    : undefined;
}
