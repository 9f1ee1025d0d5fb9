import { expect, test } from "vitest";
import { z } from "zod";
import { fakeEnv, fakeExchange } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { HeaderList } from "../lib/header-list.ts";
import { requestHeaders } from "./request-headers.ts";

const version = z.object({ "x-client-version": z.string().regex(/^\d+$/).optional() });

testGuard(requestHeaders, {
  passes: [
    { name: "a declared header that fits", options: version, exchange: { headers: { "x-client-version": "7" } } },
    {
      name: "headers that are not declared, which the transport drops",
      options: version,
      exchange: { headers: { "x-other": "1" } },
    },
  ],
  denies: [
    {
      name: "a declared header that does not fit",
      options: version,
      exchange: { headers: { "x-client-version": "7; drop" } },
      problem: "invalid-headers",
    },
    {
      name: "a declared header that is missing",
      options: z.object({ "x-needed": z.string() }),
      problem: "invalid-headers",
    },
  ],
});

test("declared headers go upstream, others do not", async () => {
  const headers = { "x-client-version": "7", "x-other": "1" };
  const exchange = fakeExchange({ headers, upstreamRequest: { headers: new HeaderList() } });
  await requestHeaders.create(version, fakeEnv()).request?.(exchange);
  expect(exchange.upstreamRequest.headers.get("x-client-version")).toBe("7");
  expect(exchange.upstreamRequest.headers.get("x-other")).toBeUndefined();
});
