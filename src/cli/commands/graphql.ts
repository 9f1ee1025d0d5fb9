import type { Command } from "commander";
import type { CliCommand } from "../command.ts";
import { addGraphqlPersist } from "../graphql-persist.ts";

/** Prepares what a policy says of GraphQL. */
export const graphql: CliCommand = {
  name: "graphql",
  summary: "Prepare persisted operations: read them out of a frontend.",
  configure(command: Command) {
    addGraphqlPersist(command);
  },
};
