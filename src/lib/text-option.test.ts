import { describe, expect, test } from "vitest";
import { z } from "zod";
import { textOption } from "./text-option.ts";

const even = textOption((text) => {
  if (Number(text) % 2 !== 0) throw new Error(`${JSON.stringify(text)} is not even.`);
  return Number(text);
}, "an even number");

describe("textOption", () => {
  test("gives what the parser returns", () => {
    expect(even.parse("4")).toBe(4);
  });

  test("tells what the parser throws, at its place in the policy", () => {
    const { error } = z.object({ routes: z.array(even) }).safeParse({ routes: ["2", "3"] });
    expect(error?.issues).toMatchObject([{ path: ["routes", 1], message: '"3" is not even.' }]);
  });

  test("says what to write in place of anything but text", () => {
    expect(even.safeParse(4).error?.issues[0]?.message).toBe("Write an even number.");
  });
});
