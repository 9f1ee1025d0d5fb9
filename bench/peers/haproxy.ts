import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ALLOWED_ORIGIN, API_CSP, AUDIENCE, HSTS, ISSUER } from "../common-policy.ts";
import type { Algorithm, Contestant, Scene } from "../contestant.ts";
import { findProgram } from "../find-program.ts";

/** HAProxy with the same policy in its own language (ES256 and RS256), and as a plain proxy. */
export const haproxyContestants: readonly Contestant[] = [
  haproxy("haproxy-es256", "HAProxy, same policy, ES256", "ES256", policyRules),
  haproxy("haproxy-rs256", "HAProxy, same policy, RS256", "RS256", policyRules),
  haproxy("haproxy-plain", "HAProxy, plain proxy", "ES256"),
];

function haproxy(
  name: string,
  title: string,
  algorithm: Algorithm,
  rules?: (scene: Scene, algorithm: Algorithm) => string,
): Contestant {
  return {
    name,
    title,
    duty: rules ? "policy" : "proxy",
    algorithm,
    async launch(scene) {
      const program = findProgram("haproxy");
      if (!program) return { unavailable: "not installed (apt-get install haproxy)" };
      const path = join(scene.folder, `${name}-${scene.limitPerMinute}.cfg`);
      await writeFile(path, configuration(scene, rules?.(scene, algorithm) ?? ""));
      return { command: program, args: ["-db", "-q", "-f", path] };
    },
  };
}

// One thread: with more, idle threads spin for a moment before they sleep, and that time is not the price of a request.
function configuration(scene: Scene, rules: string): string {
  return `global
  nbthread 1
  maxconn 4096

defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  timeout http-keep-alive 60s
  http-reuse always

backend api
  server upstream 127.0.0.1:${scene.upstreamPort}

frontend edge
  bind 127.0.0.1:${scene.port}
  default_backend api
${rules}`;
}

function policyRules(scene: Scene, algorithm: Algorithm): string {
  return `
  acl allowed_origin req.hdr(origin) -m str ${ALLOWED_ORIGIN}
  http-request set-var(txn.cors) bool(true) if allowed_origin

  http-after-response set-header Strict-Transport-Security "${HSTS}"
  http-after-response set-header X-Content-Type-Options nosniff
  http-after-response set-header X-Frame-Options DENY
  http-after-response set-header Referrer-Policy no-referrer
  http-after-response set-header Content-Security-Policy "${API_CSP}"
  http-after-response del-header Access-Control-Allow-Origin
  http-after-response set-header Access-Control-Allow-Origin ${ALLOWED_ORIGIN} if { var(txn.cors) -m bool }
  http-after-response add-header Vary Origin

  http-request return status 204 hdr Access-Control-Allow-Methods GET hdr Access-Control-Allow-Headers authorization \
    if METH_OPTIONS allowed_origin { req.hdr(access-control-request-method) -m found }

  http-request set-var(txn.bearer) http_auth_bearer
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_header_query('$.alg') -m str ${algorithm} }
  http-request deny deny_status 401 unless { \
    var(txn.bearer),jwt_verify("${algorithm}","${scene.publicKeyPaths[algorithm]}") -m int 1 }
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_payload_query('$.iss') -m str ${ISSUER} }
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_payload_query('$.aud') -m str ${AUDIENCE} }
  http-request set-var(txn.now) date()
  http-request deny deny_status 401 unless { \
    var(txn.bearer),jwt_payload_query('$.exp','int'),sub(txn.now) -m int gt 0 }

  stick-table type string len 64 size 100k expire 1m store http_req_rate(1m)
  http-request set-var(txn.subject) var(txn.bearer),jwt_payload_query('$.sub')
  http-request track-sc0 var(txn.subject)
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt ${scene.limitPerMinute} }
`;
}
