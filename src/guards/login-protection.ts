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

/** A budget that an attempt has taken from, to be given back to if the attempt turns out to be good. */
interface Budget {
  readonly by: "account" | "address";
  readonly key: string;
  readonly limit: Limit;
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
  // Next to the upstream: another guard may put something else in place of the service's word before anybody counted it.
  stage: () => "upstream",
  describe: ({ account }) => `failed logins are counted by ${account} and by address, and answered alike`,
  create({ account, perAccount, perAddress, failures, answerAfter }, env) {
    const attempts = new WeakMap<Exchange, readonly Budget[]>();
    const failed = new Set(failures);
    const budget = (by: Budget["by"], whose: string, limit: Limit): Budget => ({
      by,
      key: `${guard} ${by} ${env.route.id} ${whose}`,
      limit,
    });

    async function count(exchange: Exchange): Promise<Verdict> {
      const name = readOwn(exchange.parsedBody, account);
      // What differs in case, in spaces or in width is the same account to most services.
      const text = typeof name === "string" || typeof name === "number" ? String(name) : "";
      const budgets = [
        budget("address", exchange.client.key, perAddress),
        budget("account", text.normalize("NFKC").trim().toLowerCase(), perAccount),
      ];
      for (const [at, { by, key, limit }] of budgets.entries()) {
        const { allowed, waitMs } = await env.limiter.take(key, limit, 1);
        if (allowed) continue;
        await giveBack(budgets.slice(0, at));
        const headers = ["retry-after", String(Math.max(1, Math.ceil(waitMs / 1000)))];
        return deny("rate-limited", `too many failed logins, by ${by}`, { headers });
      }
      attempts.set(exchange, budgets);
      return PASS;
    }

    async function giveBack(budgets: readonly Budget[]): Promise<void> {
      for (const { key, limit } of budgets) await env.limiter.take(key, limit, -1);
    }

    async function answer(exchange: Exchange, budgets: readonly Budget[]): Promise<Denial | undefined> {
      const { status, origin } = exchange.response;
      const isFailure = origin === "upstream" && failed.has(status);
      if (!isFailure) {
        // A login that worked, or one that nobody has judged: the service was away, or a guard refused it.
        await giveBack(budgets);
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
        const budgets = attempts.get(exchange);
        if (budgets === undefined) return undefined;
        attempts.delete(exchange);
        return answer(exchange, budgets);
      },
    };
  },
});
