import { describe, expect, test } from "vitest";
import { fakeRoute } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { leakShapes } from "../lib/leaks.ts";
import { errorMasking } from "./error-masking.ts";

const json = { "content-type": "application/json" };
const answer = (status: number, body: string, headers: Record<string, string> = json) => ({
  response: { status, headers, body },
});
const telling = leakShapes.flatMap(({ name, found }) => found.map((text) => [name, text] as const));

describe("errors of the upstream", () => {
  test.each([500, 502, 503, 504, 599])("%i becomes a problem of that status, whatever it says", async (status) => {
    const { verdict, notes } = await respond(errorMasking, undefined, answer(status, '{"message":"sorry"}'));
    expect(verdict).toMatchObject({ kind: "deny", status });
    expect(notes).toMatchObject([{ event: "response.masked", reason: expect.stringContaining("sorry") as string }]);
  });

  test("a 5xx becomes 502 where the policy does not keep its status", async () => {
    const { verdict } = await respond(errorMasking, { keepStatus: false }, answer(500, "{}"));
    expect(verdict).toMatchObject({ problem: "upstream-failed", status: 502 });
  });

  test.each(telling)("a 400 with a %s is masked: %s", async (_name, text) => {
    const { verdict } = await respond(
      errorMasking,
      undefined,
      answer(400, JSON.stringify({ message: ` ${text}`, raw: 1 }).replaceAll('\\"', '"')),
    );
    expect(verdict).toMatchObject({ kind: "deny", status: 400 });
  });

  test("a JSON 4xx that tells nothing of the inside passes as it is", async () => {
    const { verdict, text } = await respond(errorMasking, undefined, answer(409, '{"message":"The name is taken."}'));
    expect([verdict, text]).toEqual([undefined, '{"message":"The name is taken."}']);
  });

  test("an HTML error on an API route is the framework's own, and masked; on a page it may be the site's", async () => {
    const html = answer(404, "<h1>Nothing here</h1>", { "content-type": "text/html" });
    expect((await respond(errorMasking, undefined, html)).verdict).toMatchObject({ problem: "not-found", status: 404 });
    expect(
      (await respond(errorMasking, undefined, html, { route: { ...fakeRoute, page: true } })).verdict,
    ).toBeUndefined();
  });

  test("a stream is looked at, and given back when it may pass", async () => {
    const stream = (text: string) => ({ response: { status: 400, headers: json, body: inParts(text, 5) } });
    expect((await respond(errorMasking, undefined, stream('{"m":"at f (/srv/a.js:1:2)"}'))).verdict).toMatchObject({
      status: 400,
    });
    expect((await respond(errorMasking, undefined, stream('{"m":"no"}'))).text).toBe('{"m":"no"}');
  });

  test("good answers and the gateway's own are not looked at", async () => {
    expect((await respond(errorMasking, undefined, answer(200, "at f (/srv/a.js:1:2)"))).verdict).toBeUndefined();
    const own = { response: { status: 500, body: "{}", headers: json, origin: "gateway" as const } };
    expect((await respond(errorMasking, undefined, own)).verdict).toBeUndefined();
  });
});
