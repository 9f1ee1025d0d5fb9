import { z } from "zod";
import { bytesOption } from "../lib/bytes.ts";
import { durationOption } from "../lib/duration.ts";
import { secretOption } from "../secrets/reference.ts";

const credentialObject = z.strictObject({
  secret: secretOption.meta({ description: "Where the credential comes from." }),
  header: z
    .string()
    .toLowerCase()
    .default("authorization")
    .meta({ description: "The request header that carries it." }),
  scheme: z
    .string()
    .optional()
    .meta({ description: "The word before it; `Bearer` for the authorization header, nothing for any other." }),
});

/** The schema of one entry of `upstreams`: where it is, how to prove who we are, how long to wait. */
export const upstreamOptions = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ description: "Scheme, host and port; a path is put before every path." }),
  credential: z
    .union([
      secretOption.transform((secret) => ({ secret, header: "authorization", scheme: undefined })),
      credentialObject,
    ])
    .optional()
    .meta({ description: "What the gateway shows the upstream; the client's own header of that name is dropped." }),
  passAuthorization: z
    .boolean()
    .optional()
    .meta({ description: "Whether the caller's verified token goes along. Default: only without a `credential`." }),
  host: z
    .enum(["upstream", "public"])
    .default("upstream")
    .meta({ description: "Which Host header the upstream sees: its own, or the public one." }),
  connections: z.int().min(1).max(4096).default(128).meta({ description: "Most connections to it at once." }),
  timeouts: z
    .strictObject({
      connect: durationOption("2s").meta({ description: "To a connection." }),
      headers: durationOption("30s").meta({ description: "To the first byte of the answer." }),
      body: durationOption("30s").meta({ description: "Between two parts of the answer." }),
    })
    .prefault({}),
  retries: z.int().min(0).max(3).default(1).meta({ description: "Further tries of GET and HEAD that got no answer." }),
  breaker: z
    .strictObject({
      failures: z.int().min(1).default(5).meta({ description: "Failures in a row that stop calls." }),
      open: durationOption("5s").meta({ description: "How long, before one call tries again." }),
    })
    .prefault({}),
  maxResponse: bytesOption("2gb").meta({ description: "The largest answer passed on." }),
});

/** One upstream as the policy declares it, parsed. */
export type UpstreamOptions = z.output<typeof upstreamOptions>;
