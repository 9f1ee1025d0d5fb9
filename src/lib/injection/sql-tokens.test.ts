import fc from "fast-check";
import { expect, test } from "vitest";
import { readSql } from "./sql-tokens.ts";

test.each([
  ["or 1=1 --", "lncnm"],
  ["UNION/**/ALL SELECT a.b, 'x'", "ukqb.b,s"],
  ["/*!50000union*/ select 1", "uqn"],
  ["; drop table users", ";dkb"],
  ["and sleep(5)#", "lf(n)m"],
  ["sleep /**/(5)", "f(n)"],
  ["= 0x41 or @@version", "cnlv"],
  ["'it''s' \\ 'a\\'b'", "sos"],
  ["|| 'open", "lS"],
  ["/* never ends", "M"],
  ["-- ends\nselect", "mq"],
  ["like null", "tx"],
])("%j reads as %s", (text, letters) => expect(readSql(text, 0).letters).toBe(letters));

test("a sentence ends the reading early", () => {
  const shape = readSql("it is a lovely day and nobody reads on to the end of this text", 0);
  expect(shape.isWhole).toBe(false);
  expect(shape.words.length).toBeLessThan(10);
});

test("the length of a comment is that of its words", () => {
  expect(readSql("1 -- and so on", 0).commentLength).toBe(9);
  expect(readSql("1 --+-", 0).commentLength).toBe(0);
});

test("every letter has its word, and no text holds more than its bound", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."aor 1'\"=()-/*!;,.@#|\n\\x") }), (text) => {
      const { letters, words } = readSql(text, 0);
      expect(letters.length).toBe(words.length);
      expect(letters.length).toBeLessThanOrEqual(300);
    }),
  );
});
