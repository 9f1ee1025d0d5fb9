import { describe, expect, test } from "vitest";
import { parseReference } from "../reference.ts";
import { file } from "./file.ts";

const abort = new AbortController().signal;

/** Reads from a fake disk that holds this content, or fails with this code. */
async function read(uri: string, content: string | Uint8Array | { code: string }, mode = 0o100400) {
  const warnings: string[] = [];
  const source = file.create(
    {},
    {
      variables: {},
      async readFile() {
        if (typeof content === "object" && "code" in content) throw Object.assign(new Error("fs"), content);
        return { content: typeof content === "string" ? new TextEncoder().encode(content) : content, mode };
      },
      warn: (message) => warnings.push(message),
    },
  );
  const { value } = await source.read(parseReference(uri), abort);
  return { text: value.use((text) => text), name: value.name, warnings };
}

describe("the file provider", () => {
  test.each([
    ["file:///run/secrets/cms", "tok_9f8e7d6c", "tok_9f8e7d6c"],
    ["file:///run/secrets/cms", "tok_9f8e7d6c\n", "tok_9f8e7d6c"],
    ["file:///run/secrets/cms", "tok_9f8e7d6c\r\n", "tok_9f8e7d6c"],
    ["file:///run/secrets/cms", " tok_9f8e7d6c\n\n", " tok_9f8e7d6c\n"],
    ["file:///run/cms.json#token", '{"token":"tok_9f8e7d6c\\n"}', "tok_9f8e7d6c\n"],
  ])("reads %s from %j", async (uri, content, expected) => {
    expect(await read(uri, content)).toMatchObject({ text: expected, warnings: [] });
  });

  test.each([
    ["file:///run/cms", { code: "ENOENT" }, "/run/cms does not exist."],
    ["file:///run/cms", { code: "EACCES" }, "cannot be read by the user"],
    ["file:///run/cms", { code: "EISDIR" }, "is a directory"],
    ["file:///run/cms", { code: "EFBIG" }, "too large for a secret"],
    ["file:///run/cms", { code: "EIO" }, "cannot be read (EIO)"],
    ["file:///run/cms", "\n", "empty value"],
    ["file:///run/cms", "hunter2\n", "fewer than 8 characters"],
    ["file:///run/cms", Uint8Array.of(0xff, 0xfe), "not UTF-8"],
    ["file:///run/cms#token", "tok_9f8e7d6c", 'not the JSON that "#token" needs: not valid JSON.'],
    ["file:///run/cms#token", '{"other":"tok_9f8e7d6c"}', 'no field "token"'],
    ["file:///run/cms#toString", "{}", 'no field "toString"'],
    ["file:///run/cms#token", '["tok_9f8e7d6c"]', 'no field "token"'],
    ["file:///run/cms#token", '{"token":12345678}', "not a string"],
  ])("refuses %s from %j", async (uri, content, message) => {
    const error = await read(uri, content).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "secret-unresolved", message: expect.stringContaining(message) });
    expect(String(error)).not.toContain("tok_9f8e7d6c");
  });

  test.each([0o100440, 0o100644, 0o100604])("warns when others can read the file (mode %o)", async (mode) => {
    const { warnings } = await read("file:///run/cms", "tok_9f8e7d6c", mode);
    expect(warnings).toEqual(["/run/cms can be read by other users: chmod 0400 keeps the secret to its owner."]);
  });

  test.each(["file://cms", "file:///run/cms?version=1"])("finds fault with %s", (uri) => {
    expect(file.judge(parseReference(uri))).toBeDefined();
  });
});
