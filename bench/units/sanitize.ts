import { sanitize } from "../../src/guards/sanitize.ts";
import type { Exchange } from "../../src/guards/contract/exchange.ts";
import type { GuardEnv } from "../../src/guards/contract/guard-env.ts";
import { HeaderList } from "../../src/lib/header-list.ts";
import { profiles } from "../../src/lib/html/profiles.ts";
import { createJsdomPurifier } from "../../src/sanitize/jsdom-purifier.ts";
import { createSanitizer } from "../../src/sanitize/sanitizer.ts";
import type { UnitCost } from "../unit.ts";

const part =
  '<h2>Slow growth</h2><p>Trees from <em>cold</em> slopes grow <strong>slowly</strong>; see <a href="/articles/wood">our ' +
  "wood</a>.</p><ul><li>Oak from the north</li><li>Willow from the river</li></ul><script>stored()</script>";
const article = part.repeat(Math.ceil(10_240 / part.length)).slice(0, 10_240);
const asText = Buffer.from(article, "latin1");

/** A copy each time, as a parser makes one: a string that was looked up before knows its own hash. */
const freshArticle = () => asText.toString("latin1");

const started: { close(): Promise<void> }[] = [];

/** Each unit closes whatever of them is left: closing twice does no harm. */
async function closeCleaners(): Promise<void> {
  await Promise.all(started.map((sanitizer) => sanitizer.close()));
}

function startCleaner() {
  const sanitizer = createSanitizer({
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    report: ({ reason }) => {
      throw new Error(reason);
    },
  });
  started.push(sanitizer);
  return sanitizer;
}

export const sanitizeCached: UnitCost = {
  name: "sanitize-cached",
  title: "a field of 10 KB that was cleaned before",
  limitMicros: 20,
  release: closeCleaners,
  async prepare() {
    const cleaner = startCleaner().prepare(profiles.rich, { maxBytes: 1 << 20 });
    await cleaner.clean(article);
    return () => {
      if (cleaner.clean(freshArticle()) instanceof Promise) throw new Error("it was not in the cache");
    };
  },
};

export const sanitizeAnswer: UnitCost = {
  name: "sanitize-answer",
  title: "an answer of JSON with such a field: parsed, looked up, written out clean",
  limitMicros: 150,
  release: closeCleaners,
  async prepare() {
    const sanitizer = startCleaner();
    // The guard uses these of the world, and of the exchange its response.
    const route = { id: "GET /api/articles/:slug", pattern: "/api/articles/:slug", methods: ["GET"], page: false };
    const env = { sanitizer, mode: "enforce", route, site: "https://shop.example" } as unknown as GuardEnv;
    const hooks = sanitize.create(sanitize.options.parse({ fields: { body: "rich" } }), env);
    const bytes = new TextEncoder().encode(JSON.stringify({ slug: "wood", title: "Our wood", body: article }));
    const run = () => {
      const response = {
        status: 200,
        headers: new HeaderList(["content-type", "application/json"]),
        body: bytes.slice(),
        origin: "upstream",
      };
      return hooks.response?.({ response, note() {} } as unknown as Exchange);
    };
    await sanitizer.ready();
    await run();
    return run;
  },
};

export const sanitizeAfresh: UnitCost = {
  name: "sanitize-afresh",
  title: "a field of 10 KB cleaned for the first time, in a worker: for information",
  limitMicros: 60_000,
  async prepare() {
    const purify = createJsdomPurifier();
    return () => purify(article, profiles.rich);
  },
};
