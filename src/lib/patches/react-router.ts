import { refuseForeignPageWrites } from "./foreign-writes.ts";
import type { Framework } from "./patch.ts";
import { stripHeaders } from "./stripped.ts";

const date = "2026-11-27";

/** React Router 7 in framework mode, and Remix 2. */
export const reactRouter: Framework = {
  name: "react-router",
  title: "React Router and Remix",
  reviewedUntil: "2026-11-27",
  headers: {},
  claims: (name) => (name === "_routes" ? /^[\w./,$:()-]{0,2048}$/ : undefined),
  /** `/account.data` is `/account`, `/_root.data` is `/`, `/account/_.data` is `/account/`. */
  pageOf(segments) {
    const last = segments.at(-1) ?? "";
    if (!/\.data$/i.test(last)) return undefined;
    const name = last.slice(0, -".data".length);
    const folder = segments.slice(0, -1);
    if (name === "_root" && folder.length === 0) return [""];
    return name === "_" ? [...folder, ""] : [...folder, name];
  },
  patches: [
    {
      id: "react-router-internal-headers",
      cves: ["CVE-2025-43864", "CVE-2025-43865"],
      date,
      stops: "Headers that force the app's empty shell or bring foreign data into a page (`X-React-Router-…`).",
      request: stripHeaders(/^x-(?:react-router|remix)-/),
    },
    {
      id: "react-router-data-spelling",
      cves: [],
      date,
      stops: "A page's data by another path (`/account.data`): it stands under the rules of the page's own route.",
      by: "routing",
    },
    {
      id: "react-router-foreign-writes",
      cves: ["CVE-2026-22030"],
      date,
      stops: "Actions called from another site, from a sandboxed frame (`Origin: null`), or from nowhere.",
      request: refuseForeignPageWrites,
    },
    {
      id: "react-router-host",
      cves: [],
      date,
      stops: "Addresses changed by a port or path in `Host` or `X-Forwarded-Host`.",
      by: "the transport: `Host` is one that the policy serves, forwarding headers are written anew",
    },
  ],
};
