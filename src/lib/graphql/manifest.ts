import { z } from "zod";

/** One document that the frontend is known to send. */
export interface PersistedDocument {
  readonly id: string;
  readonly name: string | undefined;
  readonly text: string;
}

/** The documents that a frontend is known to send. */
export interface Manifest {
  byId(id: string): PersistedDocument | undefined;
  byText(text: string): PersistedDocument | undefined;
  readonly size: number;
}

const entry = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  type: z.enum(["query", "mutation", "subscription"]).optional(),
  body: z.string().min(1),
});

/** What `headgate graphql persist` writes, which is also what Apollo's tools write. */
const listed = z.object({
  format: z.literal("apollo-persisted-query-manifest"),
  version: z.literal(1),
  operations: z.array(entry),
});

/** What the tools of Relay and others write: ids and documents. */
const plain = z.record(z.string().min(1), z.string().min(1));

/** A manifest as it is written out. */
export type ManifestFile = z.input<typeof listed>;

/**
 * Reads a manifest: Apollo's format, or an object of documents by id.
 * @throws Error saying what is wrong with the file
 */
export function readManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("the manifest of persisted operations is not JSON: make it with `headgate graphql persist`");
  }
  const documents = readDocuments(value);
  if (documents.length === 0) throw new Error("the manifest of persisted operations is empty: nothing could be called");
  // Requests name a hash with and without its scheme.
  const byId = new Map(documents.map((one) => [one.id.startsWith("sha256:") ? one.id.slice(7) : one.id, one]));
  if (byId.size < documents.length) throw new Error("the manifest of persisted operations has an id twice");
  const byText = new Map(documents.map((one) => [one.text, one]));
  return { byId: (id) => byId.get(id), byText: (text) => byText.get(text), size: documents.length };
}

function readDocuments(value: unknown): PersistedDocument[] {
  const list = listed.safeParse(value);
  if (list.success) return list.data.operations.map(({ id, name, body }) => ({ id, name, text: body }));
  const record = plain.safeParse(value);
  if (record.success) return Object.entries(record.data).map(([id, text]) => ({ id, name: undefined, text }));
  throw new Error("the manifest of persisted operations has another form than Apollo's, or documents by id");
}
