import { z } from "zod";
import { durationOption, formatDuration } from "../lib/duration.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS } from "./contract/verdict.ts";

/**
 * Refuses calls while the process itself cannot keep up.
 *
 * A process whose event loop is late answers everybody late, health checks included, until something restarts it. A quick
 * 503 costs next to nothing, and what is let through is served. It stands on every route, with a threshold that no
 * healthy process comes near, and it stops only when the delay has fallen to half: at the threshold itself it would
 * switch on and off with every measurement.
 */
export const loadShedding = defineGuard({
  name: "load-shedding",
  key: "shed",
  summary: "Answers 503 while the event loop runs later than a threshold.",
  controls: ["api-rate-limit"],
  applies: "always",
  options: z
    .strictObject({
      above: durationOption("500ms").meta({ description: "the delay of the event loop above which calls are refused" }),
      protect: z
        .boolean()
        .default(false)
        .meta({ description: "whether this route is served even then: for the few that must not fail first" }),
    })
    .prefault({}),
  stage: () => "traffic",
  describe: ({ above, protect }) =>
    protect ? "never refused for load" : `refused while the event loop is more than ${formatDuration(above)} late`,
  create({ above, protect }, env) {
    if (protect) return {};
    let isShedding = false;
    return {
      request() {
        const delay = env.eventLoopDelay();
        isShedding = delay > (isShedding ? above / 2 : above);
        if (!isShedding) return PASS;
        const reason = `the event loop is ${Math.round(delay)} ms late`;
        return deny("overloaded", reason, { headers: ["retry-after", "1"] });
      },
    };
  },
});
