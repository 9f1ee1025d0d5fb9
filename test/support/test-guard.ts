/**
 * The contract that every guard satisfies; a guard's own test file calls it first and then adds what is particular.
 *
 * ```ts
 * testGuard(rateLimit, {
 *   passes: [{ name: "lets the first call through", options: "1/min" }],
 *   denies: [{ name: "refuses the second", options: "1/min", before: [{}], problem: "rate-limited" }],
 * });
 * ```
 *
 * A case: `options` as a policy author writes them; `exchange` and `env` as for `fakeExchange` and `fakeEnv`; `before`,
 * exchanges that go through the same guard first. The request hook runs, and the response hook after it when the request
 * passes; the verdict is the first that is not a pass. `answers` holds cases in which the guard responds itself.
 */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Denial, Verdict } from "../../src/guards/contract/verdict.ts";
import type { Exchange } from "../../src/guards/contract/exchange.ts";
import type { Guard, GuardHooks } from "../../src/guards/guard.ts";
import type { GuardEnv } from "../../src/guards/contract/guard-env.ts";
import { PASS } from "../../src/guards/contract/verdict.ts";
import { stages } from "../../src/guards/guard.ts";
import { problemTypes, type ProblemId } from "../../src/problem.ts";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "./exchange.ts";

/** One situation and the options under which the guard judges it. */
export interface GuardCase<Options extends z.ZodType> {
  /** What the guard does here, as a sentence without its subject. */
  readonly name: string;
  readonly options: z.input<Options>;
  readonly exchange?: FakeExchangeInit;
  readonly env?: Partial<GuardEnv>;
  readonly before?: readonly FakeExchangeInit[];
}

/** A situation that the guard refuses, and how. */
export interface DenyCase<Options extends z.ZodType> extends GuardCase<Options> {
  readonly problem: ProblemId;
  /** Headers that the refusal must carry, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A situation that the guard answers itself. */
export interface AnswerCase<Options extends z.ZodType> extends GuardCase<Options> {
  readonly status: number;
}

/** Every situation that a guard's test file lists. */
export interface GuardCases<Options extends z.ZodType> {
  readonly passes: readonly GuardCase<Options>[];
  readonly denies: readonly DenyCase<Options>[];
  readonly answers?: readonly AnswerCase<Options>[];
}

/** Registers the tests of the contract and of the listed cases. */
export function testGuard<Options extends z.ZodType>(
  guard: Guard<string, Options, boolean>,
  { passes, denies, answers = [] }: GuardCases<Options>,
): void {
  describe(`the guard ${guard.name}`, () => {
    testDeclaration(guard);
    for (const each of [...passes, ...denies, ...answers]) {
      test(`is harmless on an empty exchange and explains itself (${each.name})`, async () => {
        const options = guard.options.parse(each.options);
        expect(stages).toContain(guard.stage(options));
        expect(guard.describe?.(options)).not.toBe("");
        const hooks = guard.create(options, fakeEnv(each.env));
        await hooks.request?.(fakeExchange());
        await hooks.response?.(fakeExchange());
      });
    }
    for (const each of passes) {
      test(`passes: ${each.name}`, async () => expect(await judge(guard, each)).toEqual(PASS));
    }
    for (const each of denies) {
      test(`denies: ${each.name}`, async () => {
        const verdict = await judge(guard, each);
        expect(verdict).toMatchObject({ kind: "deny", problem: each.problem });
        if (verdict.kind === "deny") expectReadableDenial(verdict, each.headers ?? {});
      });
    }
    for (const each of answers) {
      test(`answers: ${each.name}`, async () => {
        const verdict = await judge(guard, each);
        expect(verdict).toMatchObject({ kind: "respond", response: { status: each.status, origin: "gateway" } });
      });
    }
  });
}

/** Runs one exchange through a guard's hooks as the gateway does. */
export async function runHooks(hooks: GuardHooks, exchange: Exchange): Promise<Verdict> {
  const verdict = (await hooks.request?.(exchange)) ?? PASS;
  if (verdict.kind !== "pass") return verdict;
  return (await hooks.response?.(exchange)) ?? PASS;
}

function testDeclaration(guard: Guard): void {
  test("is named like its file, and its key is that of one policy entry", () => {
    expect(guard.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(guard.key).toMatch(/^[a-z][a-zA-Z]*$/);
    expect(existsSync(new URL(`../../src/guards/${guard.name}.ts`, import.meta.url))).toBe(true);
    expect(expect.getState().testPath).toMatch(new RegExp(`/${guard.name}\\.test\\.ts$`));
  });

  test("enforces controls that exist", () => {
    expect(guard.controls.length).toBeGreaterThan(0);
    const missing = guard.controls.filter((id) => !existsSync(new URL(`../../src/controls/${id}.ts`, import.meta.url)));
    expect(missing).toEqual([]);
  });

  test("says in one sentence what it does", () => {
    expect(guard.summary).toMatch(/^[A-Z].*\.$/);
  });

  test("documents every option", () => {
    expect(undocumented(z.toJSONSchema(guard.options, { io: "input", unrepresentable: "any" }))).toEqual([]);
  });
}

/** The keys of an options object that have no description. */
function undocumented(schema: object): string[] {
  const properties = "properties" in schema ? (schema.properties ?? {}) : {};
  return Object.entries(properties).flatMap(([key, property]) => (isDescribed(property) ? [] : [key]));
}

function isDescribed(property: unknown): boolean {
  if (typeof property !== "object" || property === null) return false;
  return "$ref" in property || ("description" in property && property.description !== "");
}

async function judge<Options extends z.ZodType>(
  guard: Guard<string, Options, boolean>,
  { options, exchange = {}, env = {}, before = [] }: GuardCase<Options>,
): Promise<Verdict> {
  const route = env.route ?? exchange.route;
  const place = route === undefined ? {} : { route };
  const hooks = guard.create(guard.options.parse(options), fakeEnv({ ...env, ...place }));
  for (const earlier of before) await runHooks(hooks, fakeExchange({ ...place, ...earlier }));
  return runHooks(hooks, fakeExchange({ ...place, ...exchange }));
}

function expectReadableDenial(denial: Denial, headers: Readonly<Record<string, string>>): void {
  expect(Object.keys(problemTypes)).toContain(denial.problem);
  expect(denial.reason).not.toBe("");
  const flat = denial.headers ?? [];
  expect(flat.length % 2).toBe(0);
  const sent = Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]] as const] : [])));
  expect(Object.keys(sent)).toEqual(Object.keys(sent).map((name) => name.toLowerCase()));
  expect(sent).toMatchObject(headers);
}
