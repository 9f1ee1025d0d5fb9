/** Hono on its Node server, with its own middleware, its usual limiter and its proxy helper. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { rateLimiter } from "hono-rate-limiter";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { proxy } from "hono/proxy";
import { secureHeaders } from "hono/secure-headers";
import { ALLOWED_ORIGIN } from "../common-policy.ts";
import { readSetting } from "./setting.ts";
import { verifyBearer } from "./verify-bearer.ts";

type Env = { Variables: { subject: string } };

const { port, upstream, limitPerMinute } = readSetting();

const authenticate = createMiddleware<Env>(async (context, next) => {
  const subject = await verifyBearer(context.req.header("authorization"));
  if (subject === undefined) return context.json({ error: "unauthenticated" }, 401, { "WWW-Authenticate": "Bearer" });
  context.set("subject", subject);
  return next();
});

const app = new Hono<Env>();
app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
app.use(cors({ origin: [ALLOWED_ORIGIN] }));
app.use(authenticate);
app.use(
  rateLimiter<Env>({
    windowMs: 60_000,
    limit: limitPerMinute,
    standardHeaders: "draft-7",
    keyGenerator: (context) => context.get("subject"),
  }),
);
app.all("*", (context) => {
  const { pathname, search } = new URL(context.req.url);
  return proxy(`${upstream}${pathname}${search}`, { raw: context.req.raw });
});
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
