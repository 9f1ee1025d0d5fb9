/** Fastify with its own plugins. `BENCH_TOKEN_CACHE=on` adds fast-jwt's cache of verified tokens. */
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import httpProxy from "@fastify/http-proxy";
import jwt from "@fastify/jwt";
import rateLimit from "@fastify/rate-limit";
import fastify from "fastify";
import { ALLOWED_ORIGIN, AUDIENCE, ISSUER } from "../common-policy.ts";
import { readPublicKeyPem, readSetting } from "./setting.ts";

declare module "@fastify/jwt" {
  interface FastifyJWT {
    user: { sub: string };
  }
}

// Both caches hold more clients than the benchmark has: at their defaults of 1,000 and 5,000 they would only thrash.
const CACHE_ENTRIES = 20_000;

const { port, upstream, limitPerMinute } = readSetting();
const tokenCache = process.env["BENCH_TOKEN_CACHE"] === "on" ? CACHE_ENTRIES : false;

const app = fastify({ logger: false });
await app.register(helmet, {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
});
await app.register(cors, { origin: [ALLOWED_ORIGIN] });
await app.register(jwt, {
  secret: { public: readPublicKeyPem() },
  verify: {
    algorithms: ["ES256"],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
    requiredClaims: ["sub", "exp"],
    cache: tokenCache,
  },
});
app.addHook("onRequest", async (request, reply) => {
  try {
    await request.jwtVerify();
  } catch {
    // The plugin has a 401 for most flaws, but lets a mismatch of key and algorithm surface as a 500.
    return reply.code(401).header("WWW-Authenticate", "Bearer").send({ error: "unauthenticated" });
  }
});
await app.register(rateLimit, {
  max: limitPerMinute,
  timeWindow: "1 minute",
  cache: CACHE_ENTRIES,
  hook: "preHandler",
  keyGenerator: (request) => request.user.sub,
});
await app.register(httpProxy, {
  upstream,
  // Not OPTIONS: preflights are answered by the CORS plugin.
  httpMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  undici: { connections: 128, pipelining: 1 },
});
await app.listen({ port, host: "127.0.0.1" });
