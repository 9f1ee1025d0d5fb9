/** Failed logins are counted although other guards put their own word in the place of the service's. */
import { request } from "undici";
import { expect, test } from "vitest";
import { open, problemOf, startTestGateway, startUpstream } from "../support/gateway.ts";

const schema = (...members: string[]) => ({
  kind: "json-schema",
  schema: {
    type: "object",
    properties: Object.fromEntries(members.map((name) => [name, { type: "string" }])),
    required: members,
  },
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["nothing else", {}],
  ["a schema for good answers, by which failed ones are withheld", { response: schema("token") }],
  ["fields that are cleaned on the way out", { sanitize: { fields: ["token"], in: false } }],
])("beside %s", async (_, more) => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(401, { "content-type": "application/json" }).end('{"error":"No user with that email"}');
  });
  const login = open("POST /login", {
    body: schema("email", "password"),
    loginProtection: { account: "email", perAccount: "3/h", answerAfter: "1ms" },
    ...more,
  });
  const { httpPort } = await startTestGateway({ routes: [login] }, upstream.url);
  const problems: string[] = [];
  for (let guess = 0; guess < 5; guess += 1) {
    const { body } = await request(`http://localhost:${httpPort}/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "bob@shop.example", password: `guess ${guess}` }),
    });
    problems.push(problemOf({ body: await body.text() }));
  }
  expect(problems).toEqual(["login-failed", "login-failed", "login-failed", "rate-limited", "rate-limited"]);
});
