import { z } from "zod";
import { durationOption } from "../lib/duration.ts";
import type { Limit } from "../lib/limit.ts";
import { readOwn } from "../lib/own-path.ts";
import { parseRate } from "../lib/rate.ts";
import { textOption } from "../lib/text-option.ts";
import { type Denial, deny, PASS, type Verdict } from "./contract/verdict.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";

const accepted = 'how many failures in what time: "10/h", "100/15min"';

function failuresOption(fallback: string) {
  return textOption((text): Limit => {
    if (!/^\d+\/\d*[a-z]+$/.test(text)) throw new Error(`Write ${accepted}.`);
    return parseRate(text).limit;
  }, accepted).prefault(fallback);
}

const options = z.strictObject({
  account: z
    .string()
    .min(1)
    .meta({ description: "Where the body says whose account it is: `email`, or a dotted path." }),
  perAccount: failuresOption("10/h").meta({ description: "Failures for one account, wherever they come from." }),
  perAddress: failuresOption("30/15min").meta({ description: "Failures from one address, whomever they are for." }),
  failures: z
    .array(z.int().min(400).max(499))
    .min(1)
    .default([400, 401, 403, 404, 409, 422])
    .meta({ description: "Statuses with which the service says that a login failed." }),
  answerAfter: durationOption("400ms").meta({
    description: "No failure is answered sooner: how long a service takes tells whether it knew the account.",
  }),
});

const guard = "login-protection";

/** What one attempt has taken out of its budgets, to be given back if it turns out to be good. */
interface Attempt {
  readonly keys: readonly (readonly [key: string, limit: Limit])[];
}

/**
 * Protects an endpoint that takes passwords or codes. Failures are counted, by account (one password list against one
 * account, from a thousand addresses) and by address (one password against a thousand accounts); logins that work cost
 * nothing. Every attempt is counted before the service is asked and given back when it worked, so that many at once are
 * not each the first.
 *
 * All failures get the same answer, no sooner than a fixed time: neither its words nor its speed say whether there is such
 * an account (OWASP API2; CWE-204, CWE-208, CWE-307).
 */
export const loginProtection = defineGuard({
  name: guard,
  key: "loginProtection",
  summary: "Counts failed logins by account and by address, and answers all of them alike.",
  controls: ["api-rate-limit", "api-error-leak"],
  applies: "declared",
  options,
  stage: () => "content",
  describe: ({ account }) => `failed logins are counted by ${account} and by address, and answered alike`,
  create({ account, perAccount, perAddress, failures, answerAfter }, env) {
    const attempts = new WeakMap<Exchange, Attempt>();
    const failed = new Set(failures);

    async function count(exchange: Exchange): Promise<Verdict> {
      const name = readOwn(exchange.parsedBody, account);
      // What differs in case or in spaces is the same account to most services.
      const text = typeof name === "string" || typeof name === "number" ? String(name).trim().toLowerCase() : "";
      const wanted = [
        [`${guard} address ${env.route.id} ${exchange.client.key}`, perAddress],
        [`${guard} account ${env.route.id} ${text.normalize("NFKC")}`, perAccount],
      ] as const;
      const taken: (readonly [string, Limit])[] = [];
      for (const [key, limit] of wanted) {
        const { allowed, waitMs } = await env.limiter.take(key, limit, 1);
        if (!allowed) {
          await giveBack(taken);
          const headers = ["retry-after", String(Math.max(1, Math.ceil(waitMs / 1000)))];
          return deny("rate-limited", `too many failed logins, by ${key.split(" ", 2)[1]}`, { headers });
        }
        taken.push([key, limit]);
      }
      attempts.set(exchange, { keys: taken });
      return PASS;
    }

    async function giveBack(keys: Attempt["keys"]): Promise<void> {
      for (const [key, limit] of keys) await env.limiter.take(key, limit, -1);
    }

    async function answer(exchange: Exchange, { keys }: Attempt): Promise<Denial | undefined> {
      const { status, origin } = exchange.response;
      const isFailure = origin === "upstream" && failed.has(status);
      if (!isFailure) {
        // A login that worked, or one that nobody has judged: the service was away, or a guard refused it.
        await giveBack(keys);
        return undefined;
      }
      exchange.note({ guard, event: "login.failed", reason: `the service answered ${status}` });
      const left = exchange.startedAt + answerAfter - env.clock.now();
      if (left > 0) await env.clock.sleep(left, exchange.abort).catch(() => undefined);
      return deny("login-failed", "the login failed", { headers: ["www-authenticate", env.identity.challenge] });
    }

    return {
      request: count,
      response(exchange) {
        const attempt = attempts.get(exchange);
        if (attempt === undefined) return undefined;
        attempts.delete(exchange);
        return answer(exchange, attempt);
      },
    };
  },
});
