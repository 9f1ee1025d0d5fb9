import { z } from "zod";
import { HeadgateError } from "../lib/error.ts";
import { attempt } from "../lib/text-option.ts";

/** Where a secret is kept, as a policy writes it: plain data, never the value. */
export interface SecretInput {
  readonly kind: "secret";
  readonly uri: string;
}

/** A parsed reference: `<scheme>://<path>[?version=… | ?stage=…][#<field>]`. */
export interface SecretReference {
  /** The canonical text: equal references have equal texts. */
  readonly uri: string;
  /** Names the provider: `env`, `file`, `vault`. */
  readonly scheme: string;
  readonly path: string;
  /** The member to take, where the secret is a JSON object. */
  readonly field?: string;
  readonly version?: string;
  readonly stage?: string;
  /** What the secret is called in logs: the last part of its path and its field. */
  readonly name: string;
}

const form = `"<scheme>://<path>", then "?version=<id>" or "?stage=<name>", then "#<field>", each where needed`;

/** Names a secret in a policy: `secret("env://COMMERCE_TOKEN")`, `secret("file:///run/secrets/cms#token")`. */
export function secret(uri: string): SecretInput {
  return { kind: "secret", uri };
}

/**
 * Reads the text of a reference.
 * @throws HeadgateError `reference-invalid`, with what to write instead
 */
export function parseReference(uri: string): SecretReference {
  const scheme = /^([a-z][a-z0-9-]*):\/\//.exec(uri)?.[1];
  // Whatever has no scheme may be the secret itself, pasted in the wrong place: it is not repeated.
  if (scheme === undefined) throw invalid(`This is no reference to a secret. Write ${form}, not the value itself.`);
  const [target = "", field, ...more] = uri.slice(scheme.length + 3).split("#");
  const [path = "", query, ...rest] = target.split("?");
  if (more.length > 0 || rest.length > 0) throw invalid(`A reference has one "?" and one "#" at most. Write ${form}.`);
  if (field?.includes("version=") || field?.includes("stage=")) {
    throw invalid(`The version stands before the field: everything behind "#" is the field's name. Write ${form}.`);
  }
  if (field === "")
    throw invalid(`The reference to ${scheme}://${path} names an empty field. Drop the "#" or name one.`);
  if (path === "" || /[\u0000-\u0020\u007f]/.test(path)) {
    throw invalid(`A path of a secret is not empty and has no spaces. Write ${form}.`);
  }
  const [, key, value = ""] = /^(version|stage)=([^&=]+)$/.exec(query ?? "") ?? [];
  if (query !== undefined && key === undefined) {
    throw invalid(`Behind the "?" of ${scheme}://${path} stands version=<id> or stage=<name>, and nothing else.`);
  }
  return {
    uri,
    scheme,
    path,
    ...(field === undefined ? {} : { field }),
    ...(key === "version" ? { version: value } : {}),
    ...(key === "stage" ? { stage: value } : {}),
    name: [path.slice(path.lastIndexOf("/") + 1) || path, field].filter(Boolean).join("."),
  };
}

const advice = 'Write secret("env://NAME") or secret("file:///path"): a policy holds references, never values.';

/** A policy value that refers to a secret: `secret("…")` in, a parsed reference out. */
export const secretOption = z
  .strictObject({ kind: z.literal("secret", { error: advice }), uri: z.string({ error: advice }) }, { error: advice })
  .transform(({ uri }, context) => attempt(() => parseReference(uri), undefined, context))
  .meta({ description: "a reference to a secret, never its value" });

function invalid(message: string): HeadgateError {
  return new HeadgateError("reference-invalid", message);
}
