import { parseArgs } from "node:util";
import type { Contestant } from "./contestant.ts";
import { contestants } from "./contestants.ts";
import type { Extent } from "./results.ts";

/** What the command line asks for. */
export interface Options {
  readonly chosen: readonly Contestant[];
  readonly extent: Extent;
  /** Measure the pieces of work of `bench/units/`. */
  readonly units: boolean;
  /** Write `docs/benchmarks.md`. */
  readonly write: boolean;
}

const USAGE = `npm run bench -- [--quick] [--only <name,name>] [--units] [--write]

  --quick   short rounds for a first look (under 90 s); too noisy to publish
  --only    run only these rows: ${contestants.map(({ name }) => name).join(", ")}
  --units   run only the pieces of work: what single guards cost
  --write   also write docs/benchmarks.md
`;

const FULL: Extent = { rounds: 5, secondsPerRound: 3, warmUpSeconds: 3, crowd: 10_000 };
const QUICK: Extent = { rounds: 2, secondsPerRound: 1, warmUpSeconds: 1, crowd: 1_000 };

/** Reads the command line; ends the process with the usage text when it asks for help or makes no sense. */
export function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        units: { type: "boolean", default: false },
        write: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return {
      chosen: values.units ? [] : choose(values.only),
      extent: values.quick ? QUICK : FULL,
      units: values.units || values.only === undefined,
      write: values.write,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function choose(only: string | undefined): readonly Contestant[] {
  if (only === undefined) return contestants;
  const names = only.split(",");
  const unknown = names.filter((name) => !contestants.some((contestant) => contestant.name === name));
  if (unknown.length > 0) throw new Error(`There is no contestant named ${unknown.join(" or ")}.`);
  return contestants.filter(({ name }) => names.includes(name));
}
