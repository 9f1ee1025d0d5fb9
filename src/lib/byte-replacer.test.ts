import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createByteReplacer, type Continuation } from "./byte-replacer.ts";

const never: Continuation = { lookahead: 0, continues: () => false };
const beforeBang: Continuation = { lookahead: 1, continues: (bytes, end) => bytes[end] === 0x21 };

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return decode(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
}

describe("a byte replacer", () => {
  const replacer = createByteReplacer(
    [
      { find: "cat", replace: "dog" },
      { find: "catfish", replace: "cod" },
    ],
    never,
  );

  test("replaces every text, the longest of those that begin at one place", () => {
    expect(decode(replacer.whole(encode("cat, catfish, catcat, ca")))).toBe("dog, cod, dogdog, ca");
  });

  test("gives the same array back where there is nothing to replace", () => {
    const bytes = encode("no animals");
    expect(replacer.whole(bytes)).toBe(bytes);
  });

  test("replaces a body that is nothing but one text", () => {
    expect(decode(replacer.whole(encode("cat")))).toBe("dog");
  });

  test("does not read its own replacements again", () => {
    const growing = createByteReplacer([{ find: "a", replace: "aa" }], never);
    expect(decode(growing.whole(encode("banana")))).toBe("baanaanaa");
  });

  test("leaves a text that goes on as something else, also where the chunk ends behind it", async () => {
    const careful = createByteReplacer([{ find: "cat", replace: "dog" }], beforeBang);
    expect(decode(careful.whole(encode("cat cat! cat")))).toBe("dog cat! dog");
    expect(await collect(careful.stream(inChunks(encode("cat cat! cat"), [7, 1])))).toBe("dog cat! dog");
  });

  test("passes bytes that are no UTF-8 through as they are", () => {
    const bytes = Uint8Array.of(0xff, 0x63, 0x61, 0x74, 0xfe);
    expect([...replacer.whole(bytes)]).toEqual([0xff, 0x64, 0x6f, 0x67, 0xfe]);
  });

  test("gives the same answer however the body is cut into chunks", async () => {
    const careful = createByteReplacer(
      [
        { find: "ab", replace: "<1>" },
        { find: "aba", replace: "<2>" },
        { find: "ba!", replace: "" },
      ],
      beforeBang,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a", "b", "!", "é", "aba"), { maxLength: 60 }).map((parts) => parts.join("")),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        async (text, sizes) => {
          const whole = decode(careful.whole(encode(text)));
          expect(await collect(careful.stream(inChunks(encode(text), sizes)))).toBe(whole);
        },
      ),
    );
  });

  test("holds back no more than could be the beginning of a text", async () => {
    const iterator = replacer.stream(inChunks(encode("x".repeat(1000)), [1000]))[Symbol.asyncIterator]();
    const { value } = await iterator.next();
    expect(value).toHaveLength(1000 - "catfish".length + 1);
  });

  test("lets go of its source when it is let go, also before the first read", async () => {
    let released = 0;
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: encode("cat") }),
        return: () => {
          released += 1;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const iterator = replacer.stream(source)[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(released).toBe(1);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test("fails as its source fails", async () => {
    async function* broken() {
      yield encode("a cat ");
      throw new Error("the upstream is gone");
    }
    await expect(collect(replacer.stream(broken()))).rejects.toThrow("the upstream is gone");
  });
});
