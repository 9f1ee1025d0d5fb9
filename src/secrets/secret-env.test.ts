import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSecretEnv } from "./secret-env.ts";

const abort = new AbortController().signal;
const env = createSecretEnv({}, () => {});
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-secret-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("createSecretEnv", () => {
  test("reads a file together with its permissions", async () => {
    await writeFile(join(folder, "token"), "tok_9f8e7d6c", { mode: 0o400 });
    const { content, mode } = await env.readFile(join(folder, "token"), abort);
    expect(new TextDecoder().decode(content)).toBe("tok_9f8e7d6c");
    expect(mode & 0o777).toBe(0o400);
  });

  test("keeps the code of what went wrong", async () => {
    await expect(env.readFile(join(folder, "none"), abort)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(env.readFile(folder, abort)).rejects.toMatchObject({ code: "EISDIR" });
  });

  test("reads no file that is too large for a secret", async () => {
    await writeFile(join(folder, "large"), "x".repeat(65_537));
    await expect(env.readFile(join(folder, "large"), abort)).rejects.toMatchObject({ code: "EFBIG" });
  });
});
