import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeadgateError } from "../lib/error.ts";
import { parseReference, secret, secretOption } from "./reference.ts";

describe("parseReference", () => {
  test.each([
    ["env://CMS_TOKEN", { scheme: "env", path: "CMS_TOKEN", name: "CMS_TOKEN" }],
    ["file:///run/secrets/cms", { scheme: "file", path: "/run/secrets/cms", name: "cms" }],
    ["file:///run/cms.json#token", { scheme: "file", path: "/run/cms.json", field: "token", name: "cms.json.token" }],
    [
      "vault://kv/cms/prod?version=3#token",
      { scheme: "vault", path: "kv/cms/prod", version: "3", field: "token", name: "prod.token" },
    ],
    ["aws-sm://cms/prod?stage=AWSCURRENT", { scheme: "aws-sm", path: "cms/prod", stage: "AWSCURRENT", name: "prod" }],
  ])("reads %s", (uri, expected) => {
    expect(parseReference(uri)).toEqual({ uri, ...expected });
  });

  test.each([
    ["", "no reference"],
    ["CMS_TOKEN", "no reference"],
    ["env:CMS_TOKEN", "no reference"],
    ["ENV://CMS_TOKEN", "no reference"],
    ["env://", "not empty"],
    ["env://A B", "no spaces"],
    ["env://A\n", "no spaces"],
    ["vault://kv/cms#token?version=3", "before the field"],
    ["vault://kv/cms?versoin=3", "version=<id> or stage=<name>"],
    ["vault://kv/cms?version=", "version=<id> or stage=<name>"],
    ["vault://kv/cms?version=3&stage=a", "version=<id> or stage=<name>"],
    ["vault://kv/cms?version=3?x", "at most"],
    ["vault://kv/cms#a#b", "at most"],
    ["vault://kv/cms#", "empty field"],
  ])("refuses %j and says what to write", (uri, message) => {
    expect(() => parseReference(uri)).toThrow(message);
    expect(() => parseReference(uri)).toThrow(HeadgateError);
  });

  test("never repeats a value that was pasted in place of a reference", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.-]{12,40}$/), (value) => {
        expect(() => parseReference(value)).not.toThrow(value);
      }),
    );
  });
});

describe("secretOption", () => {
  test("takes what the builder gives, and the same data from JSON", () => {
    expect(secretOption.parse(secret("env://A")).path).toBe("A");
    expect(secretOption.parse({ kind: "secret", uri: "env://A" }).path).toBe("A");
  });

  test.each(["tok_live_12345678", { kind: "secret", uri: "tok_live_12345678" }, { token: "tok_live_12345678" }, 5])(
    "refuses %j without repeating it",
    (input) => {
      const issues = secretOption.safeParse(input).error?.issues ?? [];
      expect(issues[0]?.message).toMatch(/never values|not the value itself/);
      expect(JSON.stringify(issues.map((issue) => issue.message))).not.toContain("tok_live");
    },
  );
});
