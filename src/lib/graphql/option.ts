import { z } from "zod";
import { accessOption } from "../access-option.ts";
import { bytesOption } from "../bytes.ts";
import { callLimit, costKeys, shapeKeys } from "./limits-option.ts";
import { subscriptionsOption } from "./subscriptions-option.ts";

const coordinate = z
  .string()
  .regex(
    /^(?:\*|\w+\.(?:\*|\w+))$/,
    'a field as "Query.user", all of a type as "User.*", or "*" for other root fields',
  );

const ownerRule = z.union([
  z.string().min(1),
  z.strictObject({
    field: z.string().min(1).meta({ description: "The field that tells the owner." }),
    claim: z.string().min(1).default("sub").meta({ description: "The claim that it has to equal." }),
    except: accessOption.optional().meta({ description: "Callers to whom objects of others are shown all the same." }),
  }),
]);

/** The policy key `graphql`: what operations may be, who may call what, and what of the answers may leave. */
export const graphqlOption = z
  .strictObject({
    ...shapeKeys,
    ...costKeys,
    batch: z.int().min(1).default(1).meta({ description: "Requests in one; 1 takes no lists at all." }),
    get: z.boolean().default(false).meta({
      description: "Whether queries may come by GET. The route has to declare GET; mutations never may.",
    }),
    schema: z.string().min(1).optional().meta({
      description: "The SDL file, relative to the policy. What it does not have cannot be asked for.",
    }),
    introspection: z.union([z.boolean(), accessOption]).default(false).meta({
      description: "Who may read the schema: nobody, everybody, or whom a rule allows.",
    }),
    access: z.record(coordinate, accessOption).optional().meta({
      description:
        'Who may select a field: `"Query.user": owner("id")` compares the argument. Root fields that it does not name are refused, unless `"*"` says who may.',
    }),
    owners: z.record(z.string().regex(/^\w+$/, "the name of an object type"), ownerRule).default({}).meta({
      description:
        "Whose objects of a type are: the field that equals the caller's `sub`. Objects of others never leave.",
    }),
    limits: z
      .array(callLimit)
      .default([])
      .meta({ description: "Rates of fields, of persisted operations and of cost." }),
    persisted: z
      .strictObject({
        manifest: z.string().min(1).meta({ description: "The file that `headgate graphql persist` writes." }),
        trusted: z.enum(["only", "prefer"]).meta({
          description: "`only`: nothing else runs; `prefer`: other documents are judged by the limits.",
        }),
      })
      .optional()
      .meta({ description: "The documents that the frontend sends." }),
    errors: z
      .strictObject({
        codes: z
          .array(z.string())
          .default([
            ...["BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "RATE_LIMITED"],
            ...["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST", "INTERNAL_SERVER_ERROR"],
          ])
          .meta({ description: "Values of `extensions.code` that may leave." }),
        messagesOf: z.array(z.string()).default([]).meta({
          description:
            "Codes of errors whose message is written for users, and leaves; all other messages are withheld.",
        }),
      })
      .prefault({})
      .meta({ description: "What of the service's errors may leave." }),
    answerExtensions: z.array(z.string()).default([]).meta({
      description: "Members of an answer's `extensions` that may leave; traces and costs stay inside.",
    }),
    requestExtensions: z.array(z.string()).default([]).meta({
      description: "Members of a request's `extensions` that go on.",
    }),
    maxAnswerBytes: bytesOption("4mb").meta({ description: "The largest answer; a larger one is refused." }),
    subscriptions: subscriptionsOption,
    cache: z
      .strictObject({
        documents: z.int().min(0).default(1000).meta({ description: "Documents that are remembered as judged." }),
        maxBytes: bytesOption("4mb").meta({ description: "All of them together, with what was read of them." }),
      })
      .prefault({})
      .meta({ description: "How many documents are read but once." }),
  })
  .meta({ description: "What GraphQL operations may be, who may call what, and what of the answers may leave." });
export type GraphqlOptions = z.output<typeof graphqlOption>;
