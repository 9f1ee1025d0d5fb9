import { definePolicy, route, signedIn } from "headgate";
import { readFileSync } from "node:fs";
import { ALLOWED_ORIGIN, AUDIENCE, ISSUER, SITE_HOST, TIMING_LIMIT } from "./common-policy.ts";

const { env } = process;

/** The policy that every contestant enforces, in Headgate's own words. TLS ends in front, as it does for the others. */
export default definePolicy({
  site: `https://${SITE_HOST}`,
  listen: { host: "127.0.0.1", https: false, http: Number(env["BENCH_PORT"] ?? 8080), admin: false },
  unsafe: { allowPlainHttp: "all contestants are measured without TLS" },
  log: { level: "error", allowed: false },
  identity: {
    issuers: [
      {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ["ES256"],
        keys: JSON.parse(readFileSync(env["BENCH_JWKS"] ?? "jwks.json", "utf8")),
        maxLifetime: "24h",
      },
    ],
    cache: { maxTokens: 20_000 },
  },
  upstreams: { backend: { url: env["BENCH_UPSTREAM"] ?? "http://127.0.0.1:3000" } },
  cors: { origins: [ALLOWED_ORIGIN] },
  routes: [
    route("GET /api/products/:id", {
      to: "backend",
      access: signedIn(),
      limit: `${env["BENCH_LIMIT"] ?? TIMING_LIMIT}/min per subject`,
    }),
  ],
});
