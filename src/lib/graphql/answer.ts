import type { Caller } from "../access.ts";
import { isRecord } from "../own-path.ts";
import { type ErrorRules, maskErrors } from "./mask-errors.ts";
import type { GraphqlOptions } from "./option.ts";
import { withholdForeign } from "./withhold.ts";

/** What leaves in place of an answer, and what the log is told. */
export interface JudgedAnswer {
  /** The very value that was given where nothing of it had to change. */
  readonly value: unknown;
  /** Messages of the service that did not leave, for the log; bounded. */
  readonly withheldMessages: readonly string[];
  /** Objects of others that did not leave. */
  readonly foreign: number;
}

/** Judges one answer of a service: a result, or a list of them; undefined for what is no answer of GraphQL. */
export type AnswerJudge = (value: unknown, caller: Caller, excepted: ReadonlySet<string>) => JudgedAnswer | undefined;

const loggedMessages = 3;
const loggedCharacters = 300;

/** A judge of answers, for the policy's options. It makes new values and never changes the given one. */
export function createAnswerJudge(options: GraphqlOptions): AnswerJudge {
  const rules: ErrorRules = { codes: new Set(options.errors.codes), messagesOf: new Set(options.errors.messagesOf) };
  const owned = Object.keys(options.owners).length > 0;

  function judgeResult(result: unknown, caller: Caller, excepted: ReadonlySet<string>): JudgedAnswer | undefined {
    if (!isRecord(result) || (!("data" in result) && !Array.isArray(result["errors"]))) return undefined;
    const errors = Array.isArray(result["errors"]) ? maskErrors(result["errors"], rules) : [];
    const own = owned ? withholdForeign(result["data"], options.owners, caller, excepted) : undefined;
    const extensions = pick(result["extensions"], options.answerExtensions);
    const value = {
      ...(errors.length > 0 && { errors }),
      ...("data" in result && { data: own ? own.data : result["data"] }),
      ...(extensions && { extensions }),
    };
    const isSame = !own && errors.length === 0 && extensions === undefined && Object.keys(result).join() === "data";
    return {
      value: isSame ? result : value,
      withheldMessages: messagesOf(result["errors"]),
      foreign: own?.withheld ?? 0,
    };
  }

  return (value, caller, excepted) => {
    if (!Array.isArray(value)) return judgeResult(value, caller, excepted);
    const results = value.map((one) => judgeResult(one, caller, excepted));
    if (results.length === 0 || !results.every((one) => one !== undefined)) return undefined;
    return {
      value: results.map((one) => one.value),
      withheldMessages: results.flatMap((one) => one.withheldMessages).slice(0, loggedMessages),
      foreign: results.reduce((sum, one) => sum + one.foreign, 0),
    };
  };
}

function pick(extensions: unknown, names: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(extensions)) return undefined;
  const kept = names.filter((name) => Object.hasOwn(extensions, name)).map((name) => [name, extensions[name]] as const);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function messagesOf(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, loggedMessages).map((error: unknown) => {
    const message = isRecord(error) ? error["message"] : undefined;
    return typeof message === "string" ? message.slice(0, loggedCharacters) : "an error without a message";
  });
}
