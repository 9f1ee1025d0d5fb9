import { ask, type Answer } from "./ask.ts";
import { ALLOWED_ORIGIN, FOREIGN_ORIGIN, REQUEST_PATH, requestHeaders } from "./common-policy.ts";
import type { Contestant } from "./contestant.ts";
import { PRODUCT_BODY } from "./product.ts";
import type { TestIssuer } from "./tokens.ts";

/** Requests per minute and subject while checking: low enough to be reached. */
export const CHECKING_LIMIT = 5;

const SECURITY_HEADERS = [
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "content-security-policy",
];

type Problems = string[];

/**
 * Asks a contestant, started with `CHECKING_LIMIT`, for everything that its duty includes, and lists what it fails.
 *
 * A contestant that does less work than the others is cheaper, not faster: it must not be timed.
 */
export async function check(contestant: Contestant, port: number, issuer: TestIssuer): Promise<Problems> {
  const problems: Problems = [];
  const token = await issuer.token(contestant.algorithm, "checker");
  const get = (headers: Record<string, string>, path = REQUEST_PATH) => ask({ port, path, headers });

  const good = await get(requestHeaders(token));
  if (good.status !== 200) problems.push(`a good request got ${good.status}`);
  if (good.body !== PRODUCT_BODY.toString()) problems.push("the body is not the upstream's");
  if (contestant.attackPath !== undefined) {
    const { status } = await get(requestHeaders(token), contestant.attackPath);
    if (status !== 403) problems.push(`an attack got ${status}, not 403`);
  }
  if (contestant.duty !== "policy") return problems;

  problems.push(...judgeHeaders("a good response", good));
  if (allowedOrigin(good) !== ALLOWED_ORIGIN) problems.push("the allowed origin may not read a response");

  const foreign = await get({ ...requestHeaders(token), origin: FOREIGN_ORIGIN });
  if (allowedOrigin(foreign) === FOREIGN_ORIGIN || allowedOrigin(foreign) === "*") {
    problems.push("a foreign origin may read a response");
  }

  const { authorization: _, ...anonymous } = requestHeaders(token);
  const preflight = await ask({
    port,
    path: REQUEST_PATH,
    method: "OPTIONS",
    headers: {
      ...anonymous,
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    },
  });
  if (preflight.status >= 300 || allowedOrigin(preflight) !== ALLOWED_ORIGIN) {
    problems.push(`the preflight of the allowed origin got ${preflight.status}`);
  }

  const refused = {
    "no token": await get(anonymous),
    "no signature": await get(requestHeaders(stripSignature(token))),
  };
  for (const [flaw, bad] of Object.entries(await issuer.badTokens(contestant.algorithm))) {
    Object.assign(refused, { [flaw]: await get(requestHeaders(bad)) });
  }
  for (const [flaw, answer] of Object.entries(refused)) {
    if (answer.status !== 401) problems.push(`${flaw}: got ${answer.status}, not 401`);
    problems.push(...judgeHeaders(flaw, answer));
  }
  return [...problems, ...(await checkLimit(contestant, port, issuer))];
}

async function checkLimit(contestant: Contestant, port: number, issuer: TestIssuer): Promise<Problems> {
  const statusesOf = async (subject: string, count: number) => {
    const headers = requestHeaders(await issuer.token(contestant.algorithm, subject));
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) {
      statuses.push((await ask({ port, path: REQUEST_PATH, headers })).status);
    }
    return statuses;
  };
  const problems: Problems = [];
  const busy = await statusesOf("busy", CHECKING_LIMIT + 1);
  const expected = [...Array.from({ length: CHECKING_LIMIT }, () => 200), 429];
  if (busy.join() !== expected.join()) problems.push(`${CHECKING_LIMIT} requests per minute are not counted: ${busy}`);
  const [other] = await statusesOf("quiet", 1);
  if (other !== 200) problems.push(`one subject's limit met another subject: ${other}`);
  return problems;
}

function judgeHeaders(what: string, answer: Answer): Problems {
  return SECURITY_HEADERS.filter((name) => answer.headers[name] === undefined).map((name) => `${what} has no ${name}`);
}

function allowedOrigin(answer: Answer): string | undefined {
  return answer.headers["access-control-allow-origin"];
}

function stripSignature(token: string): string {
  return token.slice(0, token.lastIndexOf(".") + 1);
}
