/** What the types of a policy refuse. Compiled with everything else; nothing of it runs. */
import { z } from "zod";
import { anyone, owner, scope } from "../lib/access.ts";
import { definePolicy, route } from "./define.ts";

const upstreams = { commerce: { url: "http://127.0.0.1:3000" } };

definePolicy({
  site: "https://shop.example",
  upstreams,
  routes: [
    route("GET /a", { to: "commerce", access: anyone(), params: z.object({ id: z.uuid() }) }),
    route("POST /b", { to: "commerce", access: scope("b:write"), limit: ["5/min per subject", "100/h per address"] }),
    route("GET /c/:id", { to: "commerce", access: { rule: owner("id"), denyAs: 404 } }),
  ],
});

route("POST /graphql", {
  to: "commerce",
  access: anyone(),
  graphql: { depth: 8, access: { "Query.user": owner("id") }, limits: [{ field: "Mutation.login", rate: "5/min" }] },
});

// @ts-expect-error a limit of operations that is misspelt
route("POST /graphql", { to: "commerce", access: anyone(), graphql: { dept: 8 } });

definePolicy({
  site: "https://shop.example",
  upstreams: { ...upstreams, site: { directory: "dist", cleanUrls: false } },
  routes: [route("GET /*", { to: "site", access: anyone(), page: true })],
});

definePolicy({
  site: "https://shop.example",
  // @ts-expect-error a folder has no timeouts
  upstreams: { site: { directory: "dist", timeouts: { connect: "1s" } } },
  routes: [route("GET /*", { to: "site", access: anyone() })],
});

// @ts-expect-error a route without `access` is no route
route("GET /a", { to: "commerce" });

// @ts-expect-error a key that no guard has
route("GET /a", { to: "commerce", access: anyone(), limmit: "5/min" });

// @ts-expect-error a misspelt option of a guard
route("GET /a", { to: "commerce", access: anyone(), cors: { orgins: [] } });

definePolicy({
  site: "https://shop.example",
  upstreams,
  // @ts-expect-error an upstream that is not declared
  routes: [route("GET /a", { to: "comerce", access: anyone() })],
});

// @ts-expect-error a policy without routes
definePolicy({ site: "https://shop.example", upstreams });

definePolicy({
  site: "https://shop.example",
  upstreams,
  routes: [],
  // @ts-expect-error an unsafe option is never a plain boolean
  unsafe: { allowTls12: true },
});
