import { requireCaller } from "../http/caller.ts";
import { StatusError } from "../http/errors.ts";
import { type Call, json, readJson, type Reply, type Router } from "../http/router.ts";
import { toRecord, updateRow } from "./rows.ts";
import type { Shop } from "./shop.ts";

/** Adds the profile and the list of users. */
export function addProfileRoutes(router: Router, shop: Shop): void {
  router
    .on("GET /api/users/:userId", (call) => showProfile(shop, call))
    .on("PATCH /api/users/:userId", (call) => updateProfile(shop, call))
    .on("GET /api/admin/users", (call) => listUsers(shop, call))
    .on("DELETE /api/admin/users/:userId", (call) => deleteUser(shop, call));
}

/** api-access: anybody's profile with any token, password hash and reset token included. */
function showProfile(shop: Shop, call: Call): Reply {
  requireCaller(call.request);
  return json(200, readProfile(shop, call.params["userId"] ?? ""));
}

/** api-access: `role`, `isAdmin` and `creditLimit` are fields like any other, and any profile may be changed. */
async function updateProfile(shop: Shop, call: Call): Promise<Reply> {
  requireCaller(call.request);
  const userId = call.params["userId"] ?? "";
  updateRow(shop.database, "users", userId, await readJson(call.request));
  return json(200, readProfile(shop, userId));
}

/** api-access: an administrator's function that any token opens; only the page hides the link. */
function listUsers(shop: Shop, call: Call): Reply {
  requireCaller(call.request);
  return json(200, shop.database.prepare("select * from users order by rowid").all().map(toRecord));
}

function deleteUser(shop: Shop, call: Call): Reply {
  requireCaller(call.request);
  shop.database.prepare("delete from users where id = ?").run(call.params["userId"] ?? "");
  return json(200, { deleted: call.params["userId"] });
}

function readProfile(shop: Shop, userId: string) {
  const user = shop.database.prepare("select * from users where id = ?").get(userId);
  if (user === undefined) throw new StatusError(404, `No user ${userId} in table users`);
  return toRecord(user);
}
