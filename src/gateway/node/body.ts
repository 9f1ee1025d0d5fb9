import type { Readable } from "node:stream";
import type { RequestBody } from "../../guards/contract/exchange.ts";
import { ByteQueue, concat } from "../../lib/byte-queue.ts";
import { HeadgateError } from "../../lib/error.ts";
import type { HeaderList } from "../../lib/header-list.ts";
import { countPassedBytes } from "../../upstream/young-garbage.ts";
import { decodeBody } from "./decode-body.ts";
import type { TransportLimits } from "./options.ts";
import type { Stallable, StallWatch } from "./stall-watch.ts";

/** What a request body needs of its connection. */
export interface BodySource {
  readonly stream: Readable;
  readonly headers: HeaderList;
  /** Whether the message announces a body. */
  readonly present: boolean;
  /** Tells a client that asked first to go on (RFC 9110 section 10.1.1). */
  sendContinue(): void;
}

/** A request body that is read late, once, within limits, and only from clients that keep sending. */
export class NodeBody implements RequestBody, Stallable {
  readonly present: boolean;
  readonly declaredLength: number | undefined;
  readonly #source: BodySource;
  readonly #limits: TransportLimits;
  readonly #watch: StallWatch;
  #maxBytes: number;
  #queue: ByteQueue | undefined;
  #whole: Promise<Uint8Array> | undefined;
  #received = 0;
  #waitedMs = 0;
  #idleMs = 0;
  #receivedAtTick = 0;

  constructor(source: BodySource, limits: TransportLimits, watch: StallWatch) {
    this.#source = source;
    this.#limits = limits;
    this.#watch = watch;
    this.#maxBytes = limits.maxBodyBytes;
    this.present = source.present;
    const length = source.headers.get("content-length");
    this.declaredLength = length === undefined ? undefined : Number(length);
  }

  /** Whether all of it was taken from the connection, so that the next request on it can be told apart. */
  get consumed(): boolean {
    return !this.present || this.#source.stream.readableEnded;
  }

  limit(maxBytes: number): void {
    this.#maxBytes = maxBytes;
  }

  read(): Promise<Uint8Array> {
    return (this.#whole ??= this.#readWhole());
  }

  stream(): AsyncIterable<Uint8Array> {
    return (this.#queue ??= this.#open());
  }

  tick(tickMs: number): void {
    if (!this.#queue?.starving) return;
    this.#waitedMs += tickMs;
    this.#idleMs = this.#received === this.#receivedAtTick ? this.#idleMs + tickMs : 0;
    this.#receivedAtTick = this.#received;
    const { idleTimeout, minBytesPerSecond } = this.#limits;
    const slowest = (minBytesPerSecond * this.#waitedMs) / 1000;
    if (this.#idleMs >= idleTimeout) this.#fail("body-timeout", "the body stopped arriving");
    else if (this.#waitedMs >= idleTimeout && this.#received < slowest) {
      this.#fail("body-timeout", `the body arrived more slowly than ${minBytesPerSecond} bytes a second`);
    }
  }

  async #readWhole(): Promise<Uint8Array> {
    if (!this.present) return new Uint8Array();
    if (this.#queue) throw new HeadgateError("body-aborted", "the body was already passed on");
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.stream()) chunks.push(chunk);
    const { headers } = this.#source;
    return decodeBody(concat(chunks, this.#received), headers.get("content-encoding"), {
      maxBytes: this.#maxBytes,
      maxRatio: this.#limits.maxDecompressionRatio,
    });
  }

  #open(): ByteQueue {
    const { stream } = this.#source;
    const queue = new ByteQueue({
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      cancel: () => stream.pause(),
    });
    this.#queue = queue;
    if (this.declaredLength !== undefined && this.declaredLength > this.#maxBytes) {
      this.#fail("body-too-large", `the body announces ${this.declaredLength} bytes`);
      return queue;
    }
    this.#watch.add(this);
    stream.on("data", (chunk: Uint8Array) => {
      this.#received += chunk.length;
      countPassedBytes(chunk.length);
      if (this.#received > this.#maxBytes) this.#fail("body-too-large", `the body exceeds ${this.#maxBytes} bytes`);
      else queue.push(chunk);
    });
    stream.once("end", () => this.#close(() => queue.end()));
    stream.once("error", () => this.#fail("body-aborted", "the client broke the body off"));
    stream.once("close", () => {
      if (!stream.readableEnded) this.#fail("body-aborted", "the client went away within the body");
    });
    this.#source.sendContinue();
    return queue;
  }

  #fail(code: "body-too-large" | "body-timeout" | "body-aborted", reason: string): void {
    this.#close(() => this.#queue?.fail(new HeadgateError(code, reason)));
    this.#source.stream.pause();
  }

  #close(then: () => void): void {
    this.#watch.delete(this);
    then();
  }
}
