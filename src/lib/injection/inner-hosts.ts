import { isInnerAddress } from "./lenient-address.ts";

/** Names that resolve to whatever address is written in them, or to loopback. */
const rebinding =
  /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|fbi\.com\.localhost|1u\.ms|rbndr\.us|rebind\.it|traefik\.me|local\.gd|yoogle\.com|readme\.localtest\.me|bugbounty\.dod\.network)$/;
const innerNames =
  /^(?:localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|metadata|instance-data|kubernetes|kubernetes\.default)$|(?:^|\.)(?:localhost|internal|local|localdomain|intranet|corp|lan|home\.arpa|svc|cluster\.local)$/;

/** Whether a host leads inside: a private or loopback address in any spelling, or a name that means one. */
export function isInnerHost(written: string): boolean {
  let host = written.toLowerCase();
  if (/[^\u0000-\u007f]/.test(host)) host = host.normalize("NFKC").replaceAll("。", ".");
  while (host.endsWith(".")) host = host.slice(0, -1);
  if (host === "") return false;
  if (/^[\d[]/.test(host) && isInnerAddress(host)) return true;
  return innerNames.test(host) || rebinding.test(host);
}

/** The host of what follows a scheme, as the readers that are fooled most easily take it; every candidate of several. */
export function hostsOf(rest: string): readonly string[] {
  const authority = rest.slice(0, 300).replace(/^[/\\]{0,8}/, "");
  const end = authority.search(/[/\\?#]/);
  const strict = end < 0 ? authority : authority.slice(0, end);
  // "http://good.example#@127.0.0.1/" is one host to those who look for "@" first.
  const loose = authority.split(/[/\\?]/, 1)[0] ?? "";
  const candidates = strict === loose ? [strict] : [strict, loose];
  return candidates.map((candidate) => withoutPort(candidate.slice(candidate.lastIndexOf("@") + 1)));
}

function withoutPort(host: string): string {
  if (host.startsWith("[")) return host.slice(0, host.indexOf("]") + 1);
  const colon = host.indexOf(":");
  return colon < 0 ? host : host.slice(0, colon);
}
