import { describe, expect, test } from "vitest";
import { fakeRoute } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { leakedKeys } from "./leaked-keys.ts";

const json = { "content-type": "application/json; charset=utf-8" };
const answer = (body: string) => ({ response: { headers: json, body } });

describe("members that never leave", () => {
  test.each([
    ['{"password":"x","a":1}', '{"a":1}'],
    ['{"passwordHash":"x","a":1}', '{"a":1}'],
    ['{"PASSWORD_HASH":"x","a":1}', '{"a":1}'],
    ['{"reset-password-token":"x","a":1}', '{"a":1}'],
    ['{"\\u0070assword":"x","a":1}', '{"a":1}'],
    ['[[{"b":{"c":[{"clientSecret":"x","a":1}]}}]]', '[[{"b":{"c":[{"a":1}]}}]]'],
  ])("%s leaves as %s", async (sent, received) => {
    const { text, notes } = await respond(leakedKeys, undefined, answer(sent));
    expect(text).toBe(received);
    expect(notes).toMatchObject([{ event: "response.withheld", count: 1 }]);
  });

  test.each(['{"passwordPolicy":"x"}', '{"text":"my password"}', '{"hasPassword":true}', '{ "a" : 1 }'])(
    "%s leaves as it is, byte for byte",
    async (sent) => expect((await respond(leakedKeys, undefined, answer(sent))).text).toBe(sent),
  );

  test("the policy adds names and takes built-in ones out", async () => {
    const options = { more: ["iban"], except: ["password"] };
    expect((await respond(leakedKeys, options, answer('{"IBAN":"x","password":"y"}'))).text).toBe('{"password":"y"}');
  });

  test("a stream within the size is judged, a larger one passes byte for byte with a note", async () => {
    const stream = (text: string) => ({ response: { headers: json, body: inParts(text, 7) } });
    expect((await respond(leakedKeys, undefined, stream('{"password":"x","a":1}'))).text).toBe('{"a":1}');
    const large = `{"password":"${"x".repeat(3000)}"}`;
    const { text, notes } = await respond(leakedKeys, { maxBytes: 1000 }, stream(large));
    expect(text).toBe(large);
    expect(notes).toMatchObject([{ event: "response.unjudged" }]);
  });

  test("only JSON of upstreams on API routes is looked at", async () => {
    const sent = '{"password":"x"}';
    expect(
      (await respond(leakedKeys, undefined, { response: { headers: { "content-type": "text/plain" }, body: sent } }))
        .text,
    ).toBe(sent);
    const page = { route: { ...fakeRoute, page: true } };
    expect((await respond(leakedKeys, undefined, answer(sent), page)).text).toBe(sent);
  });
});
