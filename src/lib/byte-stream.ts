const nothing = new Uint8Array();

/** One array with the bytes of all; the only piece itself where there is one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (pieces.length <= 1) return only ?? nothing;
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * A stream whose chunks go through `step`, which gives back what can be sent on; `undefined` in place of a chunk says
 * that no more will come. Chunks for which nothing can be sent yet are waited past. `close` is called when the stream is
 * let go before its end.
 */
export function transformBytes(
  source: AsyncIterable<Uint8Array>,
  step: (chunk: Uint8Array | undefined) => Uint8Array | Promise<Uint8Array>,
  close?: () => void,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const chunks = source[Symbol.asyncIterator]();
      let ended = false;
      return {
        async next() {
          while (!ended) {
            const { done, value } = await chunks.next();
            ended = done === true;
            const bytes = await step(ended ? undefined : value);
            if (bytes.length > 0) return { done: false, value: bytes };
          }
          return { done: true, value: undefined };
        },
        // Forwarded even when nothing was read yet, which a generator would not do: a body that is let go must let go of
        // its upstream connection.
        async return() {
          ended = true;
          close?.();
          await chunks.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
