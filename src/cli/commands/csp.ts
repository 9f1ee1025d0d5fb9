import type { Command } from "commander";
import type { CliCommand } from "../command.ts";
import { addCspBuild } from "../csp-build.ts";
import { addCspLearn } from "../csp-learn.ts";

/** Makes content security policies. */
export const csp: CliCommand = {
  name: "csp",
  summary: "Make a content security policy: from a build, or from what browsers report.",
  configure(command: Command) {
    addCspBuild(command);
    addCspLearn(command);
  },
};
