import { z } from "zod";
import { defineGuard } from "./guard.ts";

const fieldName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "the name of a header field")
  .toLowerCase();

/**
 * Keeps declared headers of the upstream from leaving: those in which one product tells about itself beyond the usual
 * banners, links to its own API for one.
 */
export const responseHeaders = defineGuard({
  name: "response-headers",
  key: "responseHeaders",
  summary: "Removes declared header fields from what the upstream answers.",
  controls: ["api-error-leak"],
  applies: "declared",
  options: z.strictObject({
    remove: z.array(fieldName).min(1).meta({ description: "the header fields of the upstream that do not leave" }),
  }),
  // Next to the upstream: what guards further out put there themselves stays.
  stage: () => "upstream",
  describe: ({ remove }) => `without the upstream's ${remove.join(", ")}`,
  create: ({ remove }) => ({
    response({ response }) {
      if (response.origin === "upstream") for (const name of remove) response.headers.delete(name);
    },
  }),
});
