import type { ByteDecoder } from "./byte-decoder.ts";
import { HeadgateError } from "./error.ts";
import type { Leak, LeakStream } from "./leak-scan.ts";

/** How a stream is judged. */
export interface StreamJudgement {
  readonly stream: LeakStream;
  /** For a coded stream: what is sent stays coded, what is looked at is not. */
  readonly decoder: ByteDecoder | undefined;
  /** Whether a leak ends the stream; if not, it is told and everything passes as it comes. */
  readonly enforce: boolean;
  /** Called once, with the first leak. */
  tell(leak: Leak): void;
}

/** Of coded bytes nothing can be cut off, so a part waits when its end may be the beginning of so much of a value. */
const telling = 4;
/** Parts that wait at most. */
const maxWaiting = 8;
const nothing = new Uint8Array();

/** What of a coded body that is there as a whole must not leave. */
export async function scanCoded(body: Uint8Array, stream: LeakStream, decoder: ByteDecoder): Promise<Leak | undefined> {
  let leak: Leak | undefined;
  const look = (part: Uint8Array) => {
    if (!leak) leak = leakIn(stream.push(part));
  };
  try {
    await decoder.decode(body, look);
    await decoder.finish(look);
  } finally {
    decoder.close();
  }
  return leak ?? leakIn(stream.finish());
}

/**
 * The same stream, under judgement: it fails before a value that must not leave is complete. A plain stream keeps back
 * exactly the bytes that may be a beginning; a coded one whole parts, and at most three bytes of a value get out.
 */
export function judgeStream(source: AsyncIterable<Uint8Array>, judgement: StreamJudgement): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => new JudgedStream(source[Symbol.asyncIterator](), judgement) };
}

class JudgedStream implements AsyncIterator<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #judgement: StreamJudgement;
  /** What may go, in order. */
  readonly #ready: Uint8Array[] = [];
  /** Coded parts whose end is open. */
  #waiting: Uint8Array[] = [];
  #judging = true;
  #ended = false;

  constructor(source: AsyncIterator<Uint8Array>, judgement: StreamJudgement) {
    this.#source = source;
    this.#judgement = judgement;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready) return { done: false, value: ready };
      if (this.#ended) return { done: true, value: undefined };
      const { done, value } = await this.#source.next();
      if (done) this.#ended = true;
      await this.#take(done ? undefined : value);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#ended = true;
    this.#judgement.decoder?.close();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  /** Judges a part, or the end, and moves to `ready` what may go. */
  async #take(part: Uint8Array | undefined): Promise<void> {
    if (!this.#judging) {
      if (part) this.#ready.push(part);
      return;
    }
    try {
      const judged = this.#judgement.decoder ? await this.#lookInto(part) : this.#look(part);
      if (!(judged instanceof Uint8Array)) await this.#found(judged);
      else if (this.#judgement.enforce && judged.length > 0) this.#ready.push(judged);
    } catch (error) {
      // What cannot be read cannot be judged; where the verdict does not count, it passes unread.
      if (this.#judgement.enforce) {
        await this.return();
        throw error;
      }
      this.#judging = false;
    }
    if (!this.#judgement.enforce && part) this.#ready.push(part);
  }

  #look(part: Uint8Array | undefined): Uint8Array | Leak {
    const { stream } = this.#judgement;
    return part ? stream.push(part) : stream.finish();
  }

  async #lookInto(part: Uint8Array | undefined): Promise<Uint8Array | Leak> {
    const { decoder, stream } = this.#judgement;
    let leak: Leak | undefined;
    const look = (decoded: Uint8Array) => {
      if (!leak) leak = leakIn(stream.push(decoded));
    };
    await (part ? decoder?.decode(part, look) : decoder?.finish(look));
    if (!part) {
      leak ??= leakIn(stream.finish());
      decoder?.close();
    }
    if (leak) return leak;
    if (!this.#judgement.enforce) return nothing;
    if (part) this.#waiting.push(part);
    const kept = part && stream.held >= telling ? maxWaiting : 0;
    this.#ready.push(...this.#waiting.splice(0, Math.max(0, this.#waiting.length - kept)));
    return nothing;
  }

  async #found(leak: Leak): Promise<void> {
    this.#judgement.tell(leak);
    this.#judging = false;
    if (!this.#judgement.enforce) return;
    throw new HeadgateError("content-refused", `the stream holds ${leak.name}`);
  }
}

function leakIn(judged: Uint8Array | Leak): Leak | undefined {
  return judged instanceof Uint8Array ? undefined : judged;
}
