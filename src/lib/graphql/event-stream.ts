import type { Body } from "../gateway-response.ts";
import type { Clock } from "../clock.ts";
import { HeadgateError } from "../error.ts";

/** What a stream of events may take. */
export interface EventLimits {
  /** The largest event. */
  readonly maxBytes: number;
  /** Milliseconds since the epoch: nothing leaves after that. */
  readonly until: number;
  readonly clock: Clock;
}

const encoder = new TextEncoder();

/**
 * Passes server-sent events on with their data judged: each `next` of a subscription is an answer like any other. Events
 * are written anew, so that only what was read leaves. What is too large or no answer ends the stream, as a lost
 * connection would: clients of subscriptions then subscribe again.
 */
export async function* judgeEvents(
  body: Body,
  judge: (value: unknown) => unknown,
  limits: EventLimits,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let pending = "";
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    if (limits.clock.now() >= limits.until) return;
    // What was looked through already holds no end but perhaps its first half.
    let from = Math.max(0, pending.length - 3);
    pending += decoder.decode(chunk, { stream: true });
    if (pending.length > limits.maxBytes) throw new HeadgateError("content-refused", "an event is too large");
    for (let end = findEnd(pending, from); end; end = findEnd(pending, from)) {
      const written = judgeEvent(pending.slice(0, end.index), judge);
      pending = pending.slice(end.index + end[0].length);
      from = 0;
      if (written !== "") yield encoder.encode(written);
    }
  }
}

/** An empty line, whichever way lines end (HTML standard, section 9.2.5). */
function findEnd(text: string, from: number): RegExpExecArray | null {
  const empty = /\r\n\r\n|\n\n|\r\r|\n\r\n/g;
  empty.lastIndex = from;
  return empty.exec(text);
}

/** Fields of an event (HTML standard, section 9.2.6): a name, a colon, a value; comments have no name. */
function judgeEvent(event: string, judge: (value: unknown) => unknown): string {
  const kept: string[] = [];
  const data: string[] = [];
  for (const line of event.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "event" || name === "id" || name === "retry") kept.push(`${name}: ${value}`);
    else if (name === "" && colon === 0) kept.push(":");
  }
  const text = data.join("\n");
  if (data.length > 0) kept.push(`data: ${text === "" ? "" : judgeData(text, judge)}`);
  return kept.length === 0 ? "" : `${kept.join("\n")}\n\n`;
}

function judgeData(text: string, judge: (value: unknown) => unknown): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HeadgateError("content-refused", "an event holds no JSON");
  }
  const judged = judge(value);
  if (judged === undefined) throw new HeadgateError("content-refused", "an event holds no answer of GraphQL");
  return JSON.stringify(judged);
}
