import type { Dispatcher } from "undici";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { HeadgateError } from "../lib/error.ts";
import { ByteQueue } from "../lib/byte-queue.ts";
import { takeResponseHeaders } from "./response-headers.ts";
import { countPassedBytes } from "./young-garbage.ts";

/** Answers announced to be this small are waited for and passed on whole: one write instead of a stream. */
const wholeBytes = 64 * 1024;

/** Receives one answer from the connection pool and settles as soon as it can be passed on. */
export class ResponseCollector implements Dispatcher.DispatchHandler {
  readonly answer: Promise<GatewayResponse>;
  readonly #maxBytes: number;
  readonly #noBody: boolean;
  #resolve!: (response: GatewayResponse) => void;
  #reject!: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #response: GatewayResponse | undefined;
  #queue: ByteQueue | undefined;
  #received = 0;
  #waitsForEnd = false;
  #settled = false;
  #complete = false;

  constructor(options: { readonly maxBytes: number; readonly noBody: boolean }) {
    this.#maxBytes = options.maxBytes;
    this.#noBody = options.noBody;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Ends the call, if it goes on still, because the client is gone or the answer is not wanted any more. */
  abandon(): void {
    if (this.#complete) return;
    const reason = new HeadgateError("upstream-aborted", "the exchange is over");
    if (this.#controller) this.#controller.abort(reason);
    else this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) controller.abort(new HeadgateError("upstream-aborted", "the call was given up before it began"));
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    const response: GatewayResponse = { status, headers: takeResponseHeaders(headers), body: null, origin: "upstream" };
    this.#response = response;
    if (this.#noBody || status === 204 || status === 304) return;
    const announced = Number(headers["content-length"] ?? Number.NaN);
    if (announced > this.#maxBytes) {
      controller.abort(new HeadgateError("upstream-too-large", `the answer announces ${announced} bytes`));
      return;
    }
    this.#queue = new ByteQueue({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      cancel: () => controller.abort(new HeadgateError("upstream-aborted", "nobody reads the answer any more")),
    });
    this.#waitsForEnd = announced <= wholeBytes;
    // An answer without a length often arrives in one packet all the same: by the time this microtask runs, the parser
    // has worked through that packet, and the body may be complete.
    if (!this.#waitsForEnd) queueMicrotask(() => this.#settle());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > this.#maxBytes) {
      controller.abort(new HeadgateError("upstream-too-large", `the answer exceeds ${this.#maxBytes} bytes`));
      return;
    }
    if (this.#settled) countPassedBytes(chunk.length);
    this.#queue?.push(chunk);
  }

  onResponseEnd(): void {
    this.#complete = true;
    this.#queue?.end();
    this.#settle();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(error);
  }

  #settle(): void {
    if (this.#settled || !this.#response) return;
    this.#settled = true;
    if (this.#queue) this.#response.body = this.#queue.takeWhole() ?? this.#queue;
    this.#resolve(this.#response);
  }

  #fail(error: Error): void {
    this.#complete = true;
    this.#queue?.fail(error);
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(error);
  }
}
