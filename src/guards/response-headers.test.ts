import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, type FakeResponseInit } from "../../test/support/exchange.ts";
import { runHooks, testGuard } from "../../test/support/test-guard.ts";
import { responseHeaders } from "./response-headers.ts";

testGuard(responseHeaders, {
  passes: [{ name: "an answer with and without the header", options: { remove: ["Link"] }, exchange: {} }],
  denies: [],
});

describe("response-headers", () => {
  async function namesAfter(response: FakeResponseInit) {
    const exchange = fakeExchange({ response });
    const options = responseHeaders.options.parse({ remove: ["Link", "X-Cms-Node"] });
    await runHooks(responseHeaders.create(options, fakeEnv()), exchange);
    return exchange.response.headers.flat.filter((_, index) => index % 2 === 0);
  }

  test("removes every field of the declared names, however they are written", async () => {
    const headers = ["link", "</a>", "content-type", "text/html", "link", "</b>", "x-cms-node", "7"];
    expect(await namesAfter({ headers })).toEqual(["content-type"]);
  });

  test("leaves the gateway's own answers alone", async () => {
    expect(await namesAfter({ headers: ["link", "</a>"], origin: "gateway" })).toEqual(["link"]);
  });

  test.each(["", "two words", "link:"])("does not take %j for a header field", (name) => {
    expect(responseHeaders.options.safeParse({ remove: [name] }).success).toBe(false);
  });
});
