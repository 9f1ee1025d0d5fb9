import { z } from "zod";
import { durationOption } from "../lib/duration.ts";
import { algorithms } from "./algorithms.ts";
import { faultOfIssuer, faultOfUrl } from "./issuer-url.ts";
import { holdsSecret } from "./jwk.ts";
import { maxKeysPerIssuer } from "./key-set.ts";
import { sessionOptions } from "./sessions/options.ts";

const localKey = z
  .looseObject({ kty: z.string().meta({ description: "The key type: EC, RSA or OKP." }) })
  .refine((key) => !holdsSecret(key), {
    error:
      "This is a private or symmetric key. Write the public half only; treat the key as leaked if the policy was shared.",
  });

/** A JWK Set of public keys as an operator writes it; members that it does not know are kept (RFC 7517 section 5). */
export const localKeys = z.looseObject({
  keys: z.array(localKey).min(1).max(maxKeysPerIssuer).meta({ description: "The public keys, each as a JWK." }),
});

const issuerUrl = z.string().superRefine((text, context) => addFault(context, "The issuer", text, faultOfIssuer(text)));

const keysUrl = z.string().superRefine((text, context) => addFault(context, "The address", text, faultOfUrl(text)));

const issuerOptions = z
  .strictObject({
    issuer: issuerUrl.meta({
      description: "The issuer's identifier, exactly as the `iss` claim of its tokens has it.",
    }),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .meta({ description: "Whom tokens must be meant for: one of these stands in the `aud` claim." }),
    algorithms: z
      .array(z.enum(algorithms))
      .min(1)
      .meta({ description: "The signature algorithms that are accepted; name those that the issuer uses, not more." }),
    jwksUri: keysUrl
      .optional()
      .meta({ description: "Where the issuer publishes its keys. Found through its OpenID metadata where absent." }),
    keys: localKeys.optional().meta({ description: "The issuer's public keys themselves, in place of fetching them." }),
    keysFile: z.string().min(1).optional().meta({ description: "A file with the issuer's public keys as a JWK Set." }),
    maxLifetime: durationOption("1h")
      .refine((milliseconds) => milliseconds >= 1_000, { error: "Write at least one second." })
      .meta({ description: "The longest time between `iat` and `exp`; longer-lived tokens are refused." }),
    clockSkew: durationOption("5s")
      .refine((milliseconds) => milliseconds <= 60_000, { error: "Write at most 60s; mend the clocks instead." })
      .meta({ description: "How far the issuer's clock may be off; at most 60s." }),
    typ: z
      .array(z.string().min(1))
      .min(1)
      .default(["at+jwt", "JWT", "absent"])
      .meta({
        description:
          "Accepted values of the `typ` header; `absent` stands for tokens without one. " +
          "`at+jwt` alone is best where the issuer follows RFC 9068: nothing else can then pass for an access token.",
      }),
    scopeClaim: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "The claim with the scopes, by name or dot path; `scope`, or else `scp`, where absent." }),
    rolesClaim: z
      .string()
      .min(1)
      .default("roles")
      .meta({ description: "The claim with the roles, by name or dot path such as `realm_access.roles`." }),
    subjectClaim: z
      .string()
      .min(1)
      .default("sub")
      .meta({ description: "The claim that names the caller, by name or dot path. Tokens without it are refused." }),
  })
  .superRefine(({ jwksUri, keys, keysFile }, context) => {
    if ([jwksUri, keys, keysFile].filter((source) => source !== undefined).length < 2) return;
    context.addIssue({ code: "custom", message: "Keys come from one place: keep one of jwksUri, keys and keysFile." });
  });

/** The policy key `identity`: who may vouch for callers, and how much is believed. */
export const identityOptions = z
  .strictObject({
    issuers: z
      .array(issuerOptions)
      .min(1)
      .superRefine((issuers, context) => {
        for (const [at, { issuer }] of issuers.entries()) {
          if (issuers.findIndex((other) => other.issuer === issuer) === at) continue;
          context.addIssue({
            code: "custom",
            path: [at, "issuer"],
            message: `The issuer ${issuer} stands in the list twice. Give one entry all its audiences and algorithms.`,
          });
        }
      })
      .meta({ description: "The issuers whose tokens are accepted." }),
    cache: z
      .strictObject({
        maxTokens: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(10_000)
          .meta({ description: "How many verified tokens are remembered; each takes a few kilobytes." }),
      })
      .prefault({})
      .meta({ description: "The memory for verified tokens." }),
    sessions: sessionOptions
      .optional()
      .meta({ description: "Browsers sign in through the gateway, which keeps their tokens." }),
  })
  .superRefine(({ issuers, sessions }, context) => {
    if (sessions === undefined || issuers.some(({ issuer }) => issuer === sessions.issuer)) return;
    context.addIssue({
      code: "custom",
      path: ["sessions", "issuer"],
      message: "The provider's tokens are not accepted: list it under issuers, with the audience of its access tokens.",
    });
  });

/** The policy key `identity` with its defaults filled in; durations in milliseconds. */
export type IdentityOptions = z.output<typeof identityOptions>;

/** One trusted issuer; durations in milliseconds. */
export type IssuerOptions = IdentityOptions["issuers"][number];

function addFault(context: z.RefinementCtx, subject: string, text: string, fault: string | undefined): void {
  if (fault) context.addIssue({ code: "custom", message: `${subject} ${JSON.stringify(text)} ${fault}.` });
}
