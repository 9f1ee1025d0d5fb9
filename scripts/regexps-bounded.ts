/** An expression that may take more than linear time, on input that cannot grow. */
export interface BoundedRegexp {
  readonly file: string;
  /** How it begins, as it is written there. */
  readonly begins: string;
  /** What bounds its input. */
  readonly reason: string;
}

const error = "it sees the first 64 KB of an upstream's error, and every repetition in it is bounded";

/** Every exception of the check, each with what bounds its input. */
export const boundedRegexps: readonly BoundedRegexp[] = [
  { file: "src/lib/leaks.ts", begins: "/\\bat [^", reason: error },
  { file: "src/lib/leaks.ts", begins: "/Traceback ", reason: error },
  { file: "src/lib/leaks.ts", begins: "/\\bat [\\w.$]", reason: error },
  { file: "src/lib/leaks.ts", begins: "/\\bat [\\w.`<>", reason: error },
  { file: "src/lib/leaks.ts", begins: "/(?:^|\\s|>)#", reason: error },
  { file: "src/lib/leaks.ts", begins: "/SQLSTATE", reason: error },
  { file: "src/lib/json-schema-graph.ts", begins: "new RegExp(pattern", reason: "the policy's author writes it" },
  {
    file: "src/lib/never-leave.ts",
    begins: "new RegExp(`",
    reason: "it is a list of words, with nothing that repeats",
  },
  { file: "src/secrets/encodings.ts", begins: "/=+$/", reason: "it sees Base64 of our own making: two signs at most" },
];
