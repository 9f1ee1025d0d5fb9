import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiRateLimit = defineControl({
  id: "api-rate-limit",
  area: "api",
  title:
    "Every endpoint holds each caller to a declared number of calls, whatever address or spelling of the path the " +
    "caller uses.",
  why:
    "Without a ceiling one client can try millions of stolen passwords, copy the whole catalogue, or keep the " +
    "backend so busy that customers get no answer. A limit that trusts a forwarded address sent by the client is " +
    "no ceiling: a new header value buys a new allowance.",
  remediation:
    'Declare `limit` on each route, for example `"5/min per subject"`, with the tightest ones on login, search ' +
    "and anything that costs money; use `throttle` where bursts should wait instead of fail. Without Headgate, " +
    "count in a store that all instances share, key by account as well as by address, take the address only from " +
    "proxies you run, and answer 429 with `Retry-After`.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "API2:2023",
    "API4:2023",
    "API6:2023",
    "V2.4.1",
    "V6.1.1",
    "V6.3.1",
    "V6.6.3",
    "V15.2.2",
    "V15.3.4",
    "CWE-307",
    "CWE-400",
    "CWE-770",
    "CWE-799",
    "RFC 6585",
    "Credential_Stuffing_Prevention_Cheat_Sheet",
  ),
});
