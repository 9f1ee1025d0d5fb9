import { describe, expect, test } from "vitest";
import type { WordPress } from "../../scripts/wordpress.ts";
import { type Closed, otherDoors, userListSpellings } from "./closed.ts";
import type { WireResponse } from "./send.ts";
import { api, everything, expectProblem, useStack } from "./stack.ts";

const partner = "https://partner.example";

const stack = useStack();

/** Open on WordPress, closed at the gateway, and right beside it a request that both answer. */
async function expectClosed({ request, reveals, neighbour, shows }: Closed): Promise<void> {
  const secret = reveals(stack.wordpress);
  expect(everything(await stack.askBare(request(stack.wordpress)))).toMatch(secret);

  const answer = await stack.askGateway(request(stack.wordpress));
  expect(everything(answer)).not.toMatch(secret);
  expectProblem(answer);

  expect((await stack.askGateway(neighbour(stack.wordpress))).text).toMatch(shows(stack.wordpress));
}

describe("the list of users", () => {
  test.each(userListSpellings)("is closed: $name", expectClosed);
});

describe("another open door of WordPress", () => {
  test.each(otherDoors)("is closed: $name", expectClosed);

  test("is closed: the cron that anybody may start", async () => {
    expect((await stack.askBare({ path: "/wp-cron.php" })).status).toBe(200);
    expectProblem(await stack.askGateway({ path: "/wp-cron.php" }));
    expect((await stack.askGateway({ path: `${api}/posts` })).status).toBe(200);
  });

  test("is closed: a method that a header puts in place of the request's own", async () => {
    const request = {
      path: `${api}/posts/${stack.wordpress.posts.storm.id}`,
      headers: { "x-http-method-override": "DELETE" },
    };
    expect((await stack.askBare(request)).text).toContain("rest_cannot_delete");
    expect(JSON.parse((await stack.askGateway(request)).text)).toMatchObject({ id: stack.wordpress.posts.storm.id });
  });
});

describe("what is not published", () => {
  const authorize = ({ login, applicationPassword }: WordPress["users"]["editor"]) => ({
    authorization: `Basic ${btoa(`${login}:${applicationPassword}`)}`,
  });

  test("stays inside even with an editor's credentials in hand: drafts by status", async () => {
    const headers = authorize(stack.wordpress.users.editor);
    const { title } = stack.wordpress.posts.draft;
    for (const status of ["draft", "any", "private,draft"]) {
      const request = { path: `${api}/posts?status=${status}`, headers };
      expect((await stack.askBare(request)).text).toMatch(/The mayor resigns|Notes of the editors/);
      const answer = await stack.askGateway(request);
      expect(answer.text).not.toContain(title);
      expectProblem(answer);
    }
    expect((await stack.askGateway({ path: `${api}/posts` })).text).toContain(stack.wordpress.posts.herring.title);
  });

  test("stays inside even with an editor's credentials in hand: drafts and private posts by id", async () => {
    const headers = authorize(stack.wordpress.users.editor);
    for (const { id, title } of [stack.wordpress.posts.draft, stack.wordpress.posts.private]) {
      const request = { path: `${api}/posts/${id}`, headers };
      expect((await stack.askBare(request)).text).toContain(title);
      const answer = await stack.askGateway(request);
      expect(answer.text).not.toContain(title);
      expectProblem(answer);
      expectProblem(await stack.askGateway({ path: request.path }));
    }
    const published = { path: `${api}/posts/${stack.wordpress.posts.herring.id}` };
    expect((await stack.askGateway(published)).text).toContain(stack.wordpress.posts.herring.title);
  });

  test("stays inside with an editor's session: the preview of a draft", async () => {
    const cookie = await logIn(stack.wordpress.users.editor);
    const request = { path: `/?p=${stack.wordpress.posts.draft.id}&preview=true`, headers: { cookie } };
    expect((await stack.askBare({ path: request.path })).status).toBe(404);
    expect((await stack.askBare(request)).status).toBe(200);
    expectProblem(await stack.askGateway(request));
    expect((await stack.askGateway({ path: `${api}/posts`, headers: { cookie } })).text).not.toContain(
      stack.wordpress.posts.draft.title,
    );
    expect((await stack.askGateway({ path: `${api}/posts` })).text).toContain(stack.wordpress.posts.herring.title);
  });

  async function logIn({ login, password }: WordPress["users"]["editor"]): Promise<string> {
    const { status, headers } = await stack.askBare({
      method: "POST",
      path: "/wp-login.php",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        cookie: "wordpress_test_cookie=WP%20Cookie%20check",
      },
      body: new URLSearchParams({ log: login, pwd: password, testcookie: "1" }).toString(),
    });
    expect(status).toBe(302);
    return (headers["set-cookie"] ?? []).map((field) => field.split(";")[0]).join("; ");
  }
});

describe("what foreign pages may read", () => {
  test("WordPress lets any page read with the visitor's rights, the gateway none but the partner, without", async () => {
    const ask = { path: `${api}/posts`, headers: { origin: "https://evil.example" } };
    expect((await stack.askBare(ask)).headers).toMatchObject({
      "access-control-allow-origin": "https://evil.example",
      "access-control-allow-credentials": "true",
    });
    const foreign = await stack.askGateway(ask);
    expect(permissionsOf(foreign)).toEqual([]);
    expect(foreign.headers.vary).toMatch(/\borigin\b/i);

    const allowed = await stack.askGateway({ path: `${api}/posts`, headers: { origin: partner } });
    expect(allowed.headers).toMatchObject({ "access-control-allow-origin": partner });
    expect(allowed.headers["access-control-expose-headers"]).toContain("X-WP-Total");
    expect(allowed.headers["access-control-allow-credentials"]).toBeUndefined();
    expect(allowed.text).toContain(stack.wordpress.posts.herring.title);
  });

  test("preflights are answered by the gateway, for the partner only", async () => {
    const preflight = (origin: string) =>
      stack.askGateway({
        method: "OPTIONS",
        path: `${api}/posts`,
        headers: { origin, "access-control-request-method": "GET" },
      });
    expect((await preflight(partner)).headers).toMatchObject({ "access-control-allow-origin": partner });
    expect(permissionsOf(await preflight("https://evil.example"))).toEqual([]);
    expect(permissionsOf(await preflight("null"))).toEqual([]);
  });

  test("the partner can read a denial too", async () => {
    const { status, headers } = await stack.askGateway({ path: `${api}/users`, headers: { origin: partner } });
    expect({ status, origin: headers["access-control-allow-origin"] }).toEqual({ status: 404, origin: partner });
  });

  function permissionsOf({ headers }: WireResponse): string[] {
    return Object.keys(headers).filter((name) => /^access-control-allow-(?:origin|credentials)$/.test(name));
  }
});
