import { z } from "zod";
import { durationOption } from "../../lib/duration.ts";
import { secretOption } from "../../secrets/reference.ts";

const path = z.string().regex(/^\/(?![/\\])[^\s\\?#]*$/, 'the beginning of a path on the site, such as "/account"');

/**
 * The key `identity.sessions`: browsers sign in through the gateway, which keeps their tokens. A page then has a cookie that
 * no script can read, and nothing that could be stolen from its storage.
 */
export const sessionOptions = z.strictObject({
  issuer: z.url().meta({ description: "The OpenID provider that signs users in; it also stands under `issuers`." }),
  clientId: z.string().min(1).meta({ description: "What the provider knows the gateway as." }),
  clientSecret: secretOption.optional().meta({ description: "The client's secret; without it, the client is public." }),
  scope: z
    .string()
    .regex(/(?:^| )openid(?: |$)/, 'scopes with "openid" among them')
    .default("openid")
    .meta({ description: "The scopes that a sign-in asks for." }),
  resource: z.string().min(1).optional().meta({ description: "The API that access tokens are for (RFC 8707)." }),
  path: z
    .string()
    .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+){1,8}$/, 'a folder of paths, such as "/.headgate/session"')
    .default("/.headgate/session")
    .meta({ description: "Where the endpoints stand: `login`, `callback`, `logout` and the session itself." }),
  returnTo: z
    .array(path)
    .min(1)
    .default(["/"])
    .meta({ description: "Beginnings of paths that a sign-in may lead back to." }),
  idle: durationOption("30min").meta({ description: "A session ends when nobody used it for so long." }),
  absolute: durationOption("12h").meta({ description: "And it ends after so long, however it was used." }),
  sameSite: z
    .enum(["lax", "strict"])
    .default("lax")
    .meta({ description: "Whether a link on another site opens the site signed in (`lax`) or not (`strict`)." }),
  maxSessions: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(50_000)
    .meta({ description: "How many sessions there may be; a further sign-in ends the one that was idle the longest." }),
  store: z
    .union([z.literal("memory"), z.strictObject({ file: z.string().min(1), key: secretOption })])
    .default("memory")
    .meta({
      description: "Where sessions are kept: in memory, or in a file that outlives a restart, sealed by a key.",
    }),
});

/** The key `identity.sessions`, parsed; durations in milliseconds. */
export type SessionOptions = z.output<typeof sessionOptions>;
