/** What a queue asks of its source: to stop and to go on sending, and to give up. */
export interface ByteSource {
  pause(): void;
  resume(): void;
  cancel(): void;
}

/** Chunks that wait for a slow reader before the source is told to stop. */
const highWaterBytes = 128 * 1024;

/**
 * Chunks pushed by a parser, pulled by whoever writes them out. The source is paused while the reader lags, so that a
 * download of any size costs the same memory.
 */
export class ByteQueue implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #source: ByteSource;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #waiting: { resolve(result: IteratorResult<Uint8Array>): void; reject(error: Error): void } | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Whether a reader waits for a chunk: time that passes now is the sender's. */
  get starving(): boolean {
    return this.#waiting !== undefined;
  }

  push(chunk: Uint8Array): void {
    if (this.#waiting) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (!this.#paused && this.#bytes >= highWaterBytes) {
      this.#paused = true;
      this.#source.pause();
    }
  }

  end(): void {
    this.#ended = true;
    this.#waiting?.resolve({ done: true, value: undefined });
    this.#waiting = undefined;
  }

  fail(error: Error): void {
    this.#error = error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** Everything, when the source has already ended: the answer came in one piece and need not be streamed. */
  takeWhole(): Uint8Array | undefined {
    if (!this.#ended || this.#error) return undefined;
    const whole = this.#chunks.length === 1 ? this.#chunks[0] : concat(this.#chunks, this.#bytes);
    this.#chunks.length = 0;
    return whole;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#chunks.shift();
    if (chunk) {
      this.#bytes -= chunk.length;
      if (this.#paused && this.#bytes < highWaterBytes / 2) {
        this.#paused = false;
        this.#source.resume();
      }
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#error) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** The reader stops early: nobody wants the rest. */
  return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#ended && !this.#error) this.#source.cancel();
    this.#chunks.length = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** One array with the bytes of all. */
export function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
