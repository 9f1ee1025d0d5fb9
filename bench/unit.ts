/** One piece of work whose cost is promised: what a guard does to one exchange, without the exchange around it. */
export interface UnitCost {
  /** kebab-case, as on the command line. */
  readonly name: string;
  /** The work in words, with its size: "nonces in a page of 100 KB". */
  readonly title: string;
  /** Microseconds of CPU that it may cost. */
  readonly limitMicros: number;
  /** Makes what the work needs, outside of the time that is measured; gives back one run of the work. */
  prepare(): Promise<() => unknown>;
  /** Lets go of what would keep the process alive. */
  release?(): Promise<void>;
}
