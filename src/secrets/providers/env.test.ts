import { describe, expect, test } from "vitest";
import { parseReference } from "../reference.ts";
import { env } from "./env.ts";

const abort = new AbortController().signal;

function read(uri: string, variables: Record<string, string>) {
  const source = env.create(
    {},
    {
      variables,
      readFile: () => Promise.reject(new Error("not used")),
      warn: () => {},
    },
  );
  return source.read(parseReference(uri), abort);
}

describe("the env provider", () => {
  test("reads a variable", async () => {
    const { value } = await read("env://CMS_TOKEN", { CMS_TOKEN: "tok_9f8e7d6c" });
    expect(value.use((text) => text)).toBe("tok_9f8e7d6c");
    expect(`${value}`).toBe("[secret CMS_TOKEN]");
  });

  test.each([
    ["env://CMS_TOKEN", {}, "The variable CMS_TOKEN is not set."],
    ["env://CMS_TOKEN", { CMS_TOKEN: "" }, "The variable CMS_TOKEN is empty."],
    ["env://CMS_TOKEN", { CMS_TOKEN: "short" }, "fewer than 8 characters"],
    ["env://toString", {}, "The variable toString is not set."],
  ])("refuses %s in %j", async (uri, variables, message) => {
    await expect(read(uri, variables)).rejects.toMatchObject({
      code: "secret-unresolved",
      message: expect.stringContaining(message),
    });
  });

  test.each(["env://CMS-TOKEN", "env:///CMS_TOKEN", "env://1ST", "env://A?version=1", "env://A#b"])(
    "finds fault with %s",
    (uri) => {
      expect(env.judge(parseReference(uri))).toBeDefined();
    },
  );
});
