import fc from "fast-check";
import { expect, test } from "vitest";
import { createSeal } from "./seal.ts";

const seal = createSeal(["first key of thirty-two characters"]);

test("what was closed opens, and looks different every time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const [one, other] = [seal.close(text, "p"), seal.close(text, "p")];
      expect(seal.open(one, "p")).toBe(text.toWellFormed());
      expect(Buffer.from(one).equals(other)).toBe(false);
    }),
  );
});

test("what was changed at any byte, cut or made longer does not open", () => {
  const closed = seal.close("token", "p");
  for (let at = 0; at < closed.length; at += 1) {
    const changed = Uint8Array.from(closed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(seal.open(changed, "p")).toBeUndefined();
    expect(seal.open(closed.subarray(0, at), "p")).toBeUndefined();
  }
  expect(seal.open(Buffer.concat([closed, Buffer.alloc(1)]), "p")).toBeUndefined();
  expect(seal.open(new Uint8Array(), "p")).toBeUndefined();
});

test("a text of one purpose is nothing for another", () => {
  expect(seal.open(seal.close("token", "tokens a"), "tokens b")).toBeUndefined();
});

test("a key can be changed while what it closed still opens, and then be taken away", () => {
  const closed = seal.close("token", "p");
  const changing = createSeal(["second key of thirty-two characters", "first key of thirty-two characters"]);
  expect(changing.open(closed, "p")).toBe("token");
  const changed = createSeal(["second key of thirty-two characters"]);
  expect(changed.open(closed, "p")).toBeUndefined();
  expect(changed.open(changing.close("token", "p"), "p")).toBe("token");
});
