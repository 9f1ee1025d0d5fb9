/** Runs a guard's response half on one answer and tells what became of it. */
import type { z } from "zod";
import type { Guard } from "../../src/guards/guard.ts";
import type { GuardEnv } from "../../src/guards/contract/guard-env.ts";
import type { Note } from "../../src/guards/contract/exchange.ts";
import type { Verdict } from "../../src/guards/contract/verdict.ts";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "./exchange.ts";

export interface Responded {
  readonly verdict: Verdict | undefined;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** The body as text; a stream is read to its end. */
  readonly text: string;
  readonly notes: readonly Note[];
}

/** `options` as a policy author writes them. */
export async function respond<Options extends z.ZodType>(
  guard: Guard<string, Options, boolean>,
  options: z.input<Options>,
  exchange: FakeExchangeInit,
  env: Partial<GuardEnv> = {},
): Promise<Responded> {
  const fake = fakeExchange(exchange);
  const hooks = guard.create(guard.options.parse(options), fakeEnv(env));
  const verdict = (await hooks.response?.(fake)) ?? undefined;
  const { status, headers, body } = fake.response;
  const flat = headers.flat;
  const pairs = flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""] as const] : []));
  const chunks: Uint8Array[] = [];
  if (body instanceof Uint8Array) chunks.push(body);
  else if (body) for await (const chunk of body) chunks.push(chunk);
  return { verdict, status, headers: new Map(pairs), text: Buffer.concat(chunks).toString("utf8"), notes: fake.notes };
}

/** A body that comes in parts. */
export async function* inParts(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
