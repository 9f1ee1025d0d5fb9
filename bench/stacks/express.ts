/** Express with the middleware that its own security guide recommends. */
import { Agent } from "node:http";
import cors from "cors";
import express, { type NextFunction, type Request, type Response } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { createProxyMiddleware } from "http-proxy-middleware";
import { ALLOWED_ORIGIN } from "../common-policy.ts";
import { readSetting } from "./setting.ts";
import { verifyBearer } from "./verify-bearer.ts";

const { port, upstream, limitPerMinute } = readSetting();

const contentSecurityPolicy = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
};

async function authenticate(request: Request, response: Response, next: NextFunction): Promise<void> {
  const subject = await verifyBearer(request.headers.authorization);
  if (subject === undefined) {
    response.status(401).set("WWW-Authenticate", "Bearer").json({ error: "unauthenticated" });
    return;
  }
  response.locals["subject"] = subject;
  next();
}

const app = express();
app.use(helmet({ contentSecurityPolicy }));
app.use(cors({ origin: [ALLOWED_ORIGIN] }));
app.use(authenticate);
app.use(
  rateLimit({
    windowMs: 60_000,
    limit: limitPerMinute,
    standardHeaders: "draft-7",
    legacyHeaders: false,
    keyGenerator: (_request, response) => String(response.locals["subject"]),
  }),
);
app.use(createProxyMiddleware({ target: upstream, agent: new Agent({ keepAlive: true, maxSockets: 128 }) }));
app.listen(port, "127.0.0.1");
