import { z } from "zod";
import { HeadgateError } from "../../lib/error.ts";
import { parseJson } from "../../lib/json.ts";
import type { SecretReference } from "../reference.ts";
import { Secret } from "../secret.ts";
import { defineProvider, type SecretEnv } from "./provider.ts";

const readableByOthers = 0o044;
const jsonLimits = { maxDepth: 8, maxKeys: 1000 };

/** Secrets in files, as container platforms mount them: `file:///run/secrets/cms_token`, `file:///run/cms.json#token`. */
export const file = defineProvider({
  name: "file",
  example: "file:///run/secrets/commerce_token",
  options: z.strictObject({}).prefault({}),
  judge({ path, version, stage }) {
    if (!path.startsWith("/")) return "the path of a file is absolute: three slashes, file:///run/secrets/name";
    return version === undefined && stage === undefined ? undefined : "files have no versions";
  },
  create(_, secretEnv) {
    return {
      async read(reference, abort) {
        const text = await readText(reference, secretEnv, abort);
        const value = reference.field === undefined ? withoutLineEnd(text.value) : readField(text.bytes, reference);
        if (value === "") throw unresolved(`${reference.path} holds an empty value. An empty text is no secret.`);
        return { value: new Secret(reference.name, value) };
      },
    };
  },
});

interface FileText {
  readonly bytes: Uint8Array;
  readonly value: string;
}

async function readText({ path }: SecretReference, env: SecretEnv, abort: AbortSignal): Promise<FileText> {
  const { content, mode } = await env.readFile(path, abort).catch((error: unknown) => {
    throw new HeadgateError("secret-unresolved", `${path} ${explain(error)}`, { cause: error });
  });
  if (mode & readableByOthers)
    env.warn(`${path} can be read by other users: chmod 0400 keeps the secret to its owner.`);
  try {
    return { bytes: content, value: new TextDecoder("utf-8", { fatal: true }).decode(content) };
  } catch {
    throw unresolved(`${path} is not UTF-8 text. Store binary secrets as base64.`);
  }
}

/** Editors and `echo` end a file with a line break that was never meant to be part of the secret. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function readField(bytes: Uint8Array, { path, field = "" }: SecretReference): string {
  const json = parseJson(bytes, jsonLimits);
  if (json.malformed !== undefined) {
    throw unresolved(`${path} is not the JSON that "#${field}" needs: ${json.malformed}.`);
  }
  const { value } = json;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, field)) {
    throw unresolved(`${path} has no field "${field}".`);
  }
  const found: unknown = Reflect.get(value, field);
  if (typeof found !== "string") throw unresolved(`The field "${field}" of ${path} is not a string.`);
  return found;
}

function explain(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "does not exist. Mount it, or correct the path.";
  if (code === "EACCES" || code === "EPERM") return "cannot be read by the user that the gateway runs as.";
  if (code === "EISDIR") return "is a directory. Name the file in it.";
  if (code === "EFBIG") return "is too large for a secret.";
  return `cannot be read${typeof code === "string" ? ` (${code})` : ""}.`;
}

function unresolved(message: string): HeadgateError {
  return new HeadgateError("secret-unresolved", message);
}
