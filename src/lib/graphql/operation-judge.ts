import type { ProblemId } from "../../problem.ts";
import { add } from "./saturating.ts";
import type { GraphqlParser } from "./ast.ts";
import { createDocumentCache } from "./document-cache.ts";
import { type Operation, readDocument, type ReadDocument } from "./document.ts";
import type { DocumentRules } from "./document-rules.ts";
import { findExcess } from "./judge-shape.ts";
import type { Manifest } from "./manifest.ts";
import type { GraphqlOptions } from "./option.ts";
import type { GraphqlRequest } from "./request.ts";

/** A document that was read, without those that could not be. */
export type GoodDocument = Extract<ReadDocument, { readonly refused?: undefined }>;

/** An operation that may be looked at further: who calls is not known here. */
export interface JudgedOperation {
  readonly request: GraphqlRequest;
  readonly document: GoodDocument;
  /** The operation of the document that is going to run. */
  readonly operation: Operation;
  readonly cost: number;
  /** The name under which the frontend's own documents know it. */
  readonly persistedName: string | undefined;
}

/** Why an operation goes no further; `unknown-id` asks the client for the document itself. */
export type OperationRefusal =
  | { readonly refused: "unknown-id" }
  | { readonly refused: ProblemId; readonly reason: string };

/** Judges operations by what they are, whoever sends them. */
export interface OperationJudge {
  judge(request: GraphqlRequest): (JudgedOperation & { readonly refused?: undefined }) | OperationRefusal;
  /** The refusal of operations that together cost more than one request may. */
  judgeTogether(operations: readonly JudgedOperation[]): OperationRefusal | undefined;
}

/** A judge that reads every document but once, as long as it remembers it. */
export function createOperationJudge(
  options: GraphqlOptions,
  parser: GraphqlParser,
  rules: DocumentRules,
  manifest: Manifest | undefined,
): OperationJudge {
  const { documents: maxEntries, maxBytes } = options.cache;
  const judged = createDocumentCache((text) => readDocument(text, parser, rules), { maxEntries, maxBytes });
  // The frontend's own documents may be longer than what strangers may send; there are no more of them than the file has.
  const ownRules = { ...rules, maxTokens: Number.MAX_SAFE_INTEGER, maxOperations: Number.MAX_SAFE_INTEGER };
  const own = createDocumentCache((text) => readDocument(text, parser, ownRules), {
    maxEntries: Number.POSITIVE_INFINITY,
    maxBytes: Number.POSITIVE_INFINITY,
  });
  const onlyOwn = options.persisted?.trusted === "only";

  function judge(request: GraphqlRequest): ReturnType<OperationJudge["judge"]> {
    const { query, documentId } = request;
    const byId = documentId === undefined ? undefined : manifest?.byId(documentId);
    if (byId && query !== undefined && query !== byId.text)
      return { refused: "invalid-operation", reason: "the document is another than that of its id" };
    const known = byId ?? (query === undefined ? undefined : manifest?.byText(query));
    if (!known && onlyOwn) return { refused: "operation-not-permitted", reason: "the document is not persisted" };
    const text = known?.text ?? query;
    if (text === undefined) return { refused: "unknown-id" };
    const document = (known ? own : judged).get(text);
    if (document.refused !== undefined) return toRefusal(document);
    if (document.introspects && options.introspection === false)
      return { refused: "operation-not-permitted", reason: "the document asks for the schema" };

    const operation = selectOperation(document, request);
    if (!operation) return { refused: "invalid-operation", reason: "no operation of the document has the name" };
    if (!known) {
      for (const each of document.operations) {
        const excess = findExcess(each, document.introspects, options);
        if (excess !== undefined) return { refused: "operation-too-large", reason: excess };
      }
    }
    const cost = operation.cost(request.variables);
    if (cost > options.cost) return tooMuch(cost);
    return { request, document, operation, cost, persistedName: known?.name ?? (known && operation.name) };
  }

  function tooMuch(cost: number): OperationRefusal {
    return { refused: "operation-too-large", reason: `cost is ${cost} of ${options.cost}` };
  }

  function judgeTogether(operations: readonly JudgedOperation[]): OperationRefusal | undefined {
    const cost = operations.reduce((sum, one) => add(sum, one.cost), 0);
    return cost <= options.cost ? undefined : tooMuch(cost);
  }

  return { judge, judgeTogether };
}

function toRefusal({ refused, reason }: Extract<ReadDocument, { readonly refused: string }>): OperationRefusal {
  return { refused: refused === "invalid" ? "invalid-operation" : "operation-too-large", reason };
}

/** The operation that runs (GraphQL specification, section 6.1): the named one, or the only one. */
function selectOperation({ operations }: GoodDocument, { operationName }: GraphqlRequest): Operation | undefined {
  if (operationName !== undefined) return operations.find(({ name }) => name === operationName);
  return operations.length === 1 ? operations[0] : undefined;
}
