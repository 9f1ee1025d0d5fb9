import type { AttackClass, Place } from "../attack-class.ts";
import { hostsOf, isInnerHost } from "../inner-hosts.ts";
import { trait } from "../traits.ts";

const places: readonly Place[] = ["path", "query", "body"];
const scheme = /^(?:[a-z0-9_.-]{1,40}=)?([a-z][a-z0-9+.-]{1,20}):(?=[/\\]|$|\S)/i;
/** Schemes that a fetching service should never be told: they read files or speak other protocols. */
const forbidden =
  /^(?:file|gopher|dict|ldaps?|tftp|jar|netdoc|php|phar|zip|expect|glob|ogg|rar|ssh2|zlib|compress\.zlib|view-source|smb|afp)$/i;
const nested = /https?(?::|%3a)[/\\]{1,3}/gi;

/** URLs that make the backend fetch what only the backend can reach. */
export const ssrf: AttackClass = {
  name: "ssrf",
  summary: "Makes the backend fetch a URL that only the backend can reach, or read a file as a URL.",
  stops: ["CWE-918", "API7:2023", "A10:2021"],
  places,
  suspects: (traits) => (traits & trait.colon) !== 0 || (traits & trait.slash) !== 0,
  judge({ text: written, innerHosts }) {
    const text = written.trim();
    // A sentence that names a URL is read by people; a value that is a URL is fetched.
    if (text.length > 4000 || /\s/.test(text)) return 0;
    if (/^[/\\]{2}[^/\\]/.test(text)) return leadsInside(text, innerHosts) ? 5 : 0;
    const found = scheme.exec(text);
    if (!found) return 0;
    const name = found[1] ?? "";
    const rest = text.slice(found[0].length);
    if (forbidden.test(name) && /^[/\\]|^\w{1,20}$/.test(rest)) return 6;
    if (!/^(?:https?|ftp|wss?)$/i.test(name)) return 0;
    if (leadsInside(rest, innerHosts)) return 6;
    for (const inside of rest.matchAll(nested)) {
      if (leadsInside(`//${rest.slice(inside.index + inside[0].length)}`, innerHosts)) return 5;
    }
    return 0;
  },
  found: [
    "http://127.0.0.1/admin",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://shop.example@169.254.169.254/",
    "http://localhost./",
    "file:///etc/passwd",
    "gopher://x/_",
    "http://10.0.0.1.nip.io/",
  ],
  spared: [
    "https://shop.example/",
    "https://8.8.8.8/",
    "https://localhost.example.com/",
    "mailto:a@b.example",
    "see http://localhost:3000/ for it",
    "12:30",
    "data:image/png;base64,AA",
    "192.168.0.1",
  ],
};

function leadsInside(rest: string, innerHosts: ReadonlySet<string>): boolean {
  if (!hostsOf(rest).some(isInnerHost)) return false;
  const authority = innerHosts.size > 0 ? /^\/\/([^/\\?#@]{1,300})(?:[/?#]|$)/.exec(rest)?.[1] : undefined;
  return authority === undefined || rest.includes("@") || !innerHosts.has(authority.toLowerCase());
}
