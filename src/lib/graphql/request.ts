import { isRecord } from "../own-path.ts";

/** One request of GraphQL over HTTP, its members of the right types; what is null counts as absent. */
export interface GraphqlRequest {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the client says beside: the policy's allow-list says which of it goes on. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** The id of a document that both sides know: its SHA-256 in hex, or another id of the manifest. */
  readonly documentId: string | undefined;
}

const members = new Set(["query", "operationName", "variables", "extensions", "documentId", "id"]);

/**
 * Reads the members of a request (GraphQL over HTTP, section 5.1); a text says what is wrong. A member that nobody knows
 * is refused: some server reads it.
 */
export function readGraphqlRequest(value: unknown): GraphqlRequest | string {
  if (!isRecord(value)) return "a request that is no object";
  for (const name of Object.keys(value)) if (!members.has(name)) return "a member that requests do not have";
  const query = optional(value["query"]);
  // Clients that know no name send an empty one; a service would look for an operation of that name.
  const operationName = optional(value["operationName"]) === "" ? undefined : optional(value["operationName"]);
  const variables = optional(value["variables"]) ?? {};
  const extensions = optional(value["extensions"]) ?? {};
  if (query !== undefined && typeof query !== "string") return "a query that is no text";
  if (operationName !== undefined && typeof operationName !== "string") return "an operation name that is no text";
  if (!isRecord(variables)) return "variables that are no object";
  if (!isRecord(extensions)) return "extensions that are no object";
  const documentId = readDocumentId(value, extensions);
  if (typeof documentId === "object") return documentId.wrong;
  if (query === undefined && documentId === undefined) return "neither a query nor the id of one";
  return { query, operationName, variables, extensions, documentId };
}

/** The id of the document, in any of the ways in which clients send it; two different ones are none. */
function readDocumentId(
  value: Readonly<Record<string, unknown>>,
  extensions: Readonly<Record<string, unknown>>,
): string | undefined | { readonly wrong: string } {
  const persisted = optional(extensions["persistedQuery"]);
  if (persisted !== undefined && !isRecord(persisted)) return { wrong: "a persisted query that is no object" };
  const given = [value["documentId"], value["id"], persisted?.["sha256Hash"]].filter(
    (id) => optional(id) !== undefined,
  );
  if (persisted && optional(persisted["sha256Hash"]) === undefined)
    return { wrong: "a persisted query without a hash" };
  const [first] = given;
  if (first === undefined) return undefined;
  if (typeof first !== "string" || given.some((id) => id !== first)) return { wrong: "ids that are not one text" };
  return first.startsWith("sha256:") ? first.slice("sha256:".length) : first;
}

function optional(value: unknown): unknown {
  return value ?? undefined;
}
