/** An expression that may take more than linear time, on input that cannot grow. */
export interface BoundedRegexp {
  readonly file: string;
  /** How it begins, as it is written there; `/` for every literal of the file. */
  readonly begins: string;
  /** What bounds its input. */
  readonly reason: string;
}

const window = "it sees a window as long as the longest token, cut out around a trigger";
const fileName = "it sees the name of a file that exists";
const cut = "it sees a text cut to a few hundred characters, or an address of 8 KB at most";
const error = "it sees the first 64 KB of an upstream's error, and every repetition in it is bounded";

/** Every exception of the check, each with what bounds its input. */
export const boundedRegexps: readonly BoundedRegexp[] = [
  { file: "src/lib/leaks.ts", begins: "/", reason: error },
  { file: "src/lib/json-schema-graph.ts", begins: "new RegExp(pattern", reason: "the policy's author writes it" },
  {
    file: "src/lib/never-leave.ts",
    begins: "new RegExp(`",
    reason: "it is a list of words, with nothing that repeats",
  },
  {
    file: "src/lib/html/profile-rules.ts",
    begins: "new RegExp(`^",
    reason: "it is anchored, and a list of schemes and one run of signs have nothing to share",
  },
  { file: "src/lib/token-formats.ts", begins: "/", reason: window },
  { file: "src/lib/token-formats-context.ts", begins: "/\\beyJ", reason: window },
  { file: "src/lib/token-scan.ts", begins: "new RegExp(pattern", reason: window },
  { file: "src/lib/hashed-name.ts", begins: "/[._-]", reason: fileName },
  { file: "src/lib/hashed-name.ts", begins: "/[A-Za-z0-9]+$/", reason: fileName },
  { file: "src/upstream/static-directory-answer.ts", begins: "new RegExp(`^", reason: fileName },
  { file: "src/reports/clean.ts", begins: "/eyJ", reason: cut },
  { file: "src/reports/clean.ts", begins: "/(\\b[a-z]", reason: cut },
  { file: "src/secrets/encodings.ts", begins: "/=+$/", reason: "it sees Base64 of our own making: two signs at most" },
];
