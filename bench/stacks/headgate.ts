import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Contestant } from "../contestant.ts";
import { describeScene } from "./node-stack.ts";

const cli = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const policy = fileURLToPath(new URL("../headgate.config.ts", import.meta.url));

/** Headgate as its users run it: the built CLI with a policy file. Nothing in it knows that it is being measured. */
export const headgate: Contestant = {
  name: "headgate",
  title: "Headgate",
  duty: "policy",
  algorithm: "ES256",
  async launch(scene) {
    if (!existsSync(cli)) return { unavailable: "not built (npm run build)" };
    if (!existsSync(policy)) return { unavailable: "bench/headgate.config.ts is missing" };
    return { command: cli, args: ["serve", "--policy", policy], env: describeScene(scene) };
  },
};
