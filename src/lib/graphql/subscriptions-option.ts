import { z } from "zod";
import { accessOption } from "../access-option.ts";
import { bytesOption } from "../bytes.ts";
import { durationOption } from "../duration.ts";

/** The key `subscriptions`: what a long-lived connection may take. */
export const subscriptionsOption = z
  .strictObject({
    connect: accessOption.optional().meta({
      description: "Who may open a connection, judged when its first message has said who calls.",
    }),
    connectionsPerClient: z.int().min(1).default(10).meta({ description: "Connections at once from one client." }),
    operationsPerConnection: z.int().min(1).default(20).meta({ description: "Operations at once on a connection." }),
    messagesPerSecond: z.int().min(1).default(10).meta({ description: "Messages of a client, with as many at once." }),
    maxMessageBytes: bytesOption("64kb").meta({ description: "The largest message of a client." }),
    maxEventBytes: bytesOption("1mb").meta({ description: "The largest message of the service." }),
    initTimeout: durationOption("3s").meta({ description: "For the first message, which says who calls." }),
    idleTimeout: durationOption("2min").meta({ description: "Without any message in either direction." }),
    maxLifetime: durationOption("1h").meta({ description: "Of a connection; a token that ends sooner ends it, too." }),
    connectionParams: z.array(z.string()).default([]).meta({
      description: "Members of the first message that go on to the service.",
    }),
  })
  .prefault({})
  .meta({ description: "What long-lived connections may take; the route's `protocol` says whether there are any." });
