/** The published promise: what the shield stops, what it refuses by mistake, on attacks that nobody fitted it to, too. */
import { describe, expect, test } from "vitest";
import { isHeldOut, readAttacks, readBenign } from "./corpus.ts";
import { isRefusedByMistake, measureRates, type Rate } from "./rates.ts";

const rates = measureRates();
const share = ({ count, of }: Rate) => count / of;
const both = ({ tuning, heldOut }: { readonly tuning: Rate; readonly heldOut: Rate }): Rate => ({
  count: tuning.count + heldOut.count,
  of: tuning.of + heldOut.of,
});

describe("the corpus", () => {
  test("is large, and no text stands in it twice", () => {
    const attacks = readAttacks().map(({ field, text }) => `${field} ${text}`);
    const benign = readBenign().map(({ context, field, text }) => `${context} ${field} ${text}`);
    expect(attacks.length).toBeGreaterThanOrEqual(500);
    expect(benign.length).toBeGreaterThanOrEqual(480);
    expect(new Set(attacks).size).toBe(attacks.length);
    expect(new Set(benign).size).toBe(benign.length);
  });

  test("keeps about a third of the attacks out", () => {
    const attacks = readAttacks();
    const heldOut = attacks.filter(({ text }) => isHeldOut(text)).length / attacks.length;
    expect(heldOut).toBeGreaterThan(0.25);
    expect(heldOut).toBeLessThan(0.4);
  });
});

describe("attacks", () => {
  test("more than 97 % are stopped on typed routes, kept-out ones included", () => {
    expect(share(both(rates.typed))).toBeGreaterThan(0.97);
    expect(share(rates.typed.heldOut)).toBeGreaterThan(0.97);
  });

  test("the shield alone, without any schema, stops nearly as many", () => {
    expect(share(rates.shield.heldOut)).toBeGreaterThan(0.95);
  });

  test("more than 80 % are stopped in declared free text", () => {
    expect(share(rates.free.tuning)).toBeGreaterThan(0.8);
    expect(share(rates.free.heldOut)).toBeGreaterThan(0.8);
  });

  test("no class is left behind", () => {
    for (const [kind, rate] of rates.byClass) expect([kind, share(rate) >= 0.9]).toEqual([kind, true]);
  });
});

describe("harmless texts", () => {
  test("fewer than 0.5 % are refused where they belong", () => expect(share(rates.benign)).toBeLessThan(0.005));

  test("those that are refused are known by name", () => {
    const refused = readBenign().filter(isRefusedByMistake);
    expect(refused.map(({ text }) => text.slice(0, 20))).toEqual(["hunter2'--xX", "Inline examples: `<s"]);
  });

  test("prose in forty languages passes even in a field that nobody declared", () => {
    expect(rates.undeclaredLanguages).toEqual({ count: 0, of: 40 });
  });
});
