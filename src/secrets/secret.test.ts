import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "./secret.ts";

const value = "tok_9f8e7d6c5b4a";

describe("Secret", () => {
  test.each([
    ["String()", (secret: Secret) => String(secret)],
    ["a template", (secret: Secret) => `${secret}`],
    ["JSON", (secret: Secret) => JSON.stringify({ secret })],
    ["inspect", (secret: Secret) => inspect({ secret }, { depth: 9, showHidden: true })],
    ["its keys and values", (secret: Secret) => Object.entries(secret).flat().join()],
    ["a structured clone", (secret: Secret) => inspect(structuredClone(secret), { showHidden: true })],
  ])("does not show its value in %s", (_, show) => {
    const shown = show(new Secret("commerce.token", value));
    expect(shown).toContain("commerce.token");
    expect(shown).not.toContain(value.slice(0, 6));
  });

  test("calls itself by its name", () => {
    expect(`${new Secret("commerce.token", value)}`).toBe("[secret commerce.token]");
  });

  test("hands its value to use, and nowhere else", () => {
    expect(new Secret("a", value).use((revealed) => `Bearer ${revealed}`)).toBe(`Bearer ${value}`);
    expect(new Secret("a", "pässwörter").use((revealed) => revealed)).toBe("pässwörter");
  });

  test("compares by value, with secrets and with text", () => {
    const secret = new Secret("a", value);
    expect(secret.equals(new Secret("b", value))).toBe(true);
    expect(secret.equals(value)).toBe(true);
    expect(secret.equals(`${value}x`)).toBe(false);
    expect(secret.equals("")).toBe(false);
  });

  test("refuses a value too short to be kept out of logs, without showing it", () => {
    expect(() => new Secret("a", "hunter2")).toThrow("The secret a has fewer than 8 characters.");
  });

  test("cannot be used once retired", () => {
    const secret = new Secret("a", value);
    secret.retire();
    secret.retire();
    expect(() => secret.use((revealed) => revealed)).toThrow("The secret a is retired.");
  });
});
