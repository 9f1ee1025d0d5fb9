import { type AttackClass, defaultThreshold, type Place, type Subject, type TextProfile } from "./attack-class.ts";
import { attackClasses } from "./classes/registry.gen.ts";
import { readingsOf } from "./readings.ts";
import { trait, traitsOf } from "./traits.ts";

/** Which attack a text was found to be. */
export interface Finding {
  /** The classes that have a part in the score, by name, the weightiest first. */
  readonly classes: readonly string[];
  readonly score: number;
}

/** What a route judges, and how strictly. */
export interface JudgeOptions {
  readonly threshold?: number;
  /** Classes that are not judged, by name. */
  readonly without?: ReadonlySet<string>;
  /** Private hosts that URLs may name. */
  readonly innerHosts?: ReadonlySet<string>;
}

/** Judges the texts and names of one place in a request. */
export interface TextJudge {
  /** What is wrong with a value; undefined for nothing. */
  judge(text: string, profile: TextProfile): Finding | undefined;
  /** What is wrong with the name of a parameter or member. */
  judgeName(name: string): Finding | undefined;
}

/** Letters and spaces are words; with digits alone they can be SQL, with dots a path to a prototype. */
const beyondWords = ~trait.space;

/** Whether a text is nothing but words, whatever its field: what most values are. */
export function isHarmless(text: string): boolean {
  return (traitsOf(text) & beyondWords) === 0;
}

const noHosts: ReadonlySet<string> = new Set();

/** Names come from schemas and programs: the same few with every request. */
const maxKnownNames = 256;
const maxKnownLength = 64;

/** A judge for one place. Scores of the classes add up, each by the reading of the text in which it is highest. */
export function createTextJudge(place: Place, options: JudgeOptions = {}): TextJudge {
  const { threshold = defaultThreshold, without, innerHosts = noHosts } = options;
  const classes = attackClasses.filter((one) => one.places.includes(place) && !without?.has(one.name));
  const naming = attackClasses.filter((one) => one.judgeName !== undefined && !without?.has(one.name));
  const harmlessNames = new Set<string>();

  function judge(text: string, profile: TextProfile): Finding | undefined {
    const traits = traitsOf(text);
    if ((traits & beyondWords) === 0) return undefined;
    return conclude(scoreText(classes, { text, traits, profile, isDecoded: false, innerHosts }), threshold);
  }

  return {
    judge,
    judgeName(name) {
      if (harmlessNames.has(name)) return undefined;
      const found = conclude(scoreName(naming, name), threshold) ?? judge(name, "typed");
      if (found || name.length > maxKnownLength) return found;
      if (harmlessNames.size >= maxKnownNames) harmlessNames.clear();
      harmlessNames.add(name);
      return undefined;
    },
  };
}

type Scores = Map<string, number>;

function scoreText(classes: readonly AttackClass[], subject: Subject): Scores | undefined {
  let scores: Scores | undefined;
  for (const reading of readingsOf(subject.text, subject.traits, subject.profile === "rich")) {
    const read = reading.text === subject.text ? subject : { ...subject, ...reading, isDecoded: true };
    for (const one of classes) {
      if (!one.suspects(read.traits)) continue;
      const score = one.judge(read);
      if (score > 0) raise((scores ??= new Map()), one.name, score);
    }
  }
  return scores;
}

function scoreName(classes: readonly AttackClass[], name: string): Scores {
  const scores: Scores = new Map();
  for (const { text } of readingsOf(name, traitsOf(name), false)) {
    for (const one of classes) raise(scores, one.name, one.judgeName?.(text) ?? 0);
  }
  return scores;
}

function raise(scores: Scores, name: string, score: number): void {
  if (score > (scores.get(name) ?? 0)) scores.set(name, score);
}

function conclude(scores: Scores | undefined, threshold: number): Finding | undefined {
  if (scores === undefined || scores.size === 0) return undefined;
  let sum = 0;
  for (const score of scores.values()) sum += score;
  if (sum < threshold) return undefined;
  const byWeight = [...scores].sort((a, b) => b[1] - a[1]);
  return { classes: byWeight.map(([name]) => name), score: sum };
}
