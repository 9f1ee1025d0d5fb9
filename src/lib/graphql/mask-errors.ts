import { isRecord } from "../own-path.ts";
import { reservedPrefix } from "./walk.ts";

/** What of errors may leave. */
export interface ErrorRules {
  readonly codes: ReadonlySet<string>;
  readonly messagesOf: ReadonlySet<string>;
}

/** An error as it leaves (GraphQL specification, section 7.1.2). */
interface MaskedError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code: string };
}

/** What a client reads in place of what a service wrote for its own people. */
const generic = "The operation failed.";
/** Errors of one answer, beyond which nobody reads on. */
const maxErrors = 50;

/**
 * Rebuilds errors out of what clients need: where in the answer, and a code that the policy lets out. Messages hold
 * failed SQL, hosts and, after "Did you mean", the names of fields, from which a schema that nobody may read is rebuilt
 * word by word. What is wrong with an operation itself is said once, however often: the count would tell, too.
 */
export function maskErrors(errors: readonly unknown[], rules: ErrorRules): MaskedError[] {
  const masked: MaskedError[] = [];
  let ofTheWhole = false;
  for (const error of errors.slice(0, maxErrors)) {
    const one = maskError(error, rules);
    if (one.path === undefined && one.message === generic) {
      if (ofTheWhole) continue;
      ofTheWhole = true;
    }
    masked.push(one);
  }
  return masked;
}

function maskError(error: unknown, { codes, messagesOf }: ErrorRules): MaskedError {
  if (!isRecord(error)) return { message: generic };
  const { path, locations, message, extensions } = error;
  const said = isRecord(extensions) ? extensions["code"] : undefined;
  const code = typeof said === "string" && codes.has(said) ? said : undefined;
  const isForUsers = typeof said === "string" && messagesOf.has(said) && typeof message === "string";
  return {
    message: isForUsers ? withoutSuggestion(message) : generic,
    ...(isLocations(locations) && { locations: locations.map(({ line, column }) => ({ line, column })) }),
    ...(isPath(path) && { path: withoutOwn(path) }),
    ...(code !== undefined && { extensions: { code } }),
  };
}

/** Servers put what they suggest at the end, and all of them call it so. */
function withoutSuggestion(message: string): string {
  const at = message.toLowerCase().indexOf("did you mean");
  return at < 0 ? message : message.slice(0, at).trimEnd() || generic;
}

/** What failed may be the owner that the gateway asked for: the place is then the object's. */
function withoutOwn(path: readonly (string | number)[]): readonly (string | number)[] {
  const at = path.findIndex((step) => typeof step === "string" && step.startsWith(reservedPrefix));
  return at < 0 ? path : path.slice(0, at);
}

function isPath(path: unknown): path is readonly (string | number)[] {
  return Array.isArray(path) && path.every((step) => typeof step === "string" || typeof step === "number");
}

function isLocations(locations: unknown): locations is readonly { readonly line: number; readonly column: number }[] {
  return (
    Array.isArray(locations) &&
    locations.every((one) => isRecord(one) && Number.isInteger(one["line"]) && Number.isInteger(one["column"]))
  );
}
