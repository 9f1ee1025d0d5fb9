import { expect, test } from "vitest";
import { anyone } from "../lib/access.ts";
import { definePolicy, route } from "../policy/define.ts";
import { simulate } from "../testing.ts";

const policy = definePolicy({
  site: "https://shop.example",
  upstreams: { content: { url: "http://10.0.0.5:1337" } },
  routes: [
    route("GET /article", { to: "content", access: anyone(), sanitize: { fields: { body: "rich" } } }),
    route("POST /reviews", {
      to: "content",
      access: anyone(),
      body: "any",
      sanitize: { fields: ["text"], out: false },
    }),
  ],
});
const hostile = "<h2>a</h2><script>hit()</script>";

test("a simulation cleans as the gateway would", async () => {
  const read = await simulate(policy, { request: "GET /article", upstream: { body: { body: hostile } } });
  expect([read.verdict, read.body]).toEqual(["allowed", '{"body":"<h2>a</h2>"}']);
  const kept = await simulate(policy, { request: "POST /reviews", body: { text: "<p>fine</p>" } });
  expect(kept.verdict).toBe("allowed");
  const refused = await simulate(policy, { request: "POST /reviews", body: { text: "<script>hit()</script>" } });
  expect([refused.verdict, refused.guard, refused.problem]).toEqual(["denied", "sanitize", "input-refused"]);
});
