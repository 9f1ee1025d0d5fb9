import { HeaderList } from "../../src/lib/header-list.ts";
import { leakedSecrets } from "../../src/guards/leaked-secrets.ts";
import type { Exchange } from "../../src/guards/contract/exchange.ts";
import type { GuardEnv } from "../../src/guards/contract/guard-env.ts";
import { createRedactor } from "../../src/secrets/redact.ts";
import { Secret } from "../../src/secrets/secret.ts";
import type { UnitCost } from "../unit.ts";

const headers = [
  ...[
    "content-type",
    "application/json; charset=utf-8",
    "content-length",
    "350",
    "date",
    "Fri, 02 Jan 2026 03:04:05 GMT",
  ],
  ...["etag", '"5f2-18c0ffee00"', "cache-control", "private, max-age=60", "vary", "Accept-Encoding"],
];

/** What the guard does to one data answer of 350 bytes and its headers, with five secrets known. */
export const leakScan: UnitCost = {
  name: "leak-scan",
  title: "secrets and tokens looked for in an answer of 350 bytes",
  limitMicros: 2,
  async prepare() {
    const secrets = Array.from({ length: 5 }, (_, at) => new Secret(`s${at}`, `tok_${at}9f8e7d6c5b4a3f2e1d0c`));
    // The guard reads of the world what stands here, and of the exchange its response.
    const env = {
      secrets: createRedactor(secrets),
      decoder: () => undefined,
      mode: "enforce",
      route: { id: "GET /api/products/:id", pattern: "/api/products/:id", methods: ["GET"], page: false },
    } as unknown as GuardEnv;
    const hooks = leakedSecrets.create(leakedSecrets.options.parse(undefined), env);
    const body = new TextEncoder().encode(JSON.stringify(product));
    const exchange = {
      response: { status: 200, headers: new HeaderList(headers), body, origin: "upstream" },
      note() {},
    } as unknown as Exchange;
    return () => hooks.response?.(exchange);
  },
};

const product = {
  id: "d59d2a7e-fccb-5590-abf4-479b00126f73",
  name: "Large Stoneware Cushion",
  description: "A cushion that is made of stoneware and large enough for two persons to sit on at once.",
  price: 129.5,
  currency: "EUR",
  stock: 12,
  image: "/api/content/media/0c1d2e3f-aaaa-4bbb-8ccc-1234567890ab",
  tags: ["kitchen", "stoneware", "sale"],
  createdAt: "2026-01-01T00:00:00Z",
};
