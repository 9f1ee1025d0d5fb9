import { SignJWT } from "jose";
import { hashPassword, userIds } from "../data/users.ts";
import { type Call, json, readJson, type Reply, type Router } from "../http/router.ts";
import { config } from "./config.ts";
import type { Shop } from "./shop.ts";

/** Adds the shop's own login, kept from the time before the identity provider. */
export function addLoginRoutes(router: Router, shop: Shop): void {
  router.on("POST /api/login", (call) => logIn(shop, call)).on("GET /api/debug/log", () => showLog(shop));
}

/** api-rate-limit: as many guesses as the network carries. No lock, no delay, no second factor. */
async function logIn(shop: Shop, call: Call): Promise<Reply> {
  const body = await readJson(call.request);
  const [email, password] = [String(body["email"]), String(body["password"])];
  // secrets-hardcoded: a support account whose password stands in the source and makes an administrator.
  if (email === config.supportEmail && password === config.supportPassword) {
    return openSession(shop, { id: userIds.admin, role: "admin" }, body);
  }
  const user = shop.database.prepare("select * from users where email = ?").get(email);
  // api-access: two different refusals tell which addresses are customers. monitoring-logging: neither is written down.
  if (user === undefined) return json(404, { error: `No user with email ${email}` });
  if (user["passwordHash"] !== hashPassword(password)) return json(401, { error: `Wrong password for ${email}` });
  return openSession(shop, { id: String(user["id"]), role: String(user["role"]) }, body);
}

async function openSession(shop: Shop, user: { id: string; role: string }, body: unknown): Promise<Reply> {
  // api-access: HS256 with the secret "secret", and no `exp`: valid for ever, if anybody looked.
  const token = await new SignJWT({ sub: user.id, role: user.role })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(config.sessionSecret));
  // monitoring-logging: what is logged is the success, with the password, on one line that CR and LF can break.
  shop.log.push(`login ok ${JSON.stringify(body)}`);
  // frontend-headers: readable by scripts, sent over plain HTTP and along with requests from other sites.
  return json(200, { token, user }, { "set-cookie": `session=${token}; Path=/` });
}

/** monitoring-logging: the log is public, and it holds no failed login, no denial and no error. */
function showLog(shop: Shop): Reply {
  return { status: 200, headers: { "content-type": "text/plain" }, body: `${shop.log.join("\n")}\n` };
}
