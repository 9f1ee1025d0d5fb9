import { createDevelopmentCertificate } from "../gateway/development-certificate.ts";
import { fixedTls, openTlsFiles, type TlsFiles } from "../gateway/tls.ts";
import { HeadgateError } from "../lib/error.ts";
import type { CompiledPolicy } from "../policy/compile.ts";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The certificate that the policy names; for a loopback site without one, a development certificate.
 * @throws HeadgateError `certificate-unreadable`
 */
export async function tlsFor(
  { site, parsed }: CompiledPolicy,
  onProblem: (error: HeadgateError) => void,
): Promise<TlsFiles | undefined> {
  const { certificate, https } = parsed.listen;
  const minVersion = parsed.unsafe.allowTls12 === undefined ? "TLSv1.3" : "TLSv1.2";
  if (https === false) return undefined;
  if (certificate) return openTlsFiles(certificate, minVersion, onProblem);
  if (loopbackNames.has(site.hostname)) return fixedTls(await createDevelopmentCertificate(site.hostname), minVersion);
  throw new HeadgateError(
    "certificate-unreadable",
    `no certificate for ${site.host}: set listen: { certificate: { cert: "…", key: "…" } }, or listen: { https: false } behind a proxy that ends TLS`,
  );
}
