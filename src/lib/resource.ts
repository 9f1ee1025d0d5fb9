import { z } from "zod";
import { accessOption } from "./access-option.ts";
import type { Access } from "./access.ts";
import { HeadgateError } from "./error.ts";
import { compileJsonSchema } from "./json-schema.ts";
import type { JsonSchemaSource, SchemaSource } from "./schema.ts";
import { type SchemaNode, resourceKey } from "./schema-graph.ts";
import { isZodSchema, toZodGraph } from "./zod-graph.ts";

const resourceRule = z.strictObject({
  name: z.string().min(1),
  owner: z.strictObject({ field: z.string().min(1), claim: z.string().min(1).default("sub") }),
  except: accessOption.optional(),
});

/** A kind of object that belongs to somebody: which field names the owner, and who may see all of them. */
export type ResourceRule = z.output<typeof resourceRule>;

/** How an owner is recognised: a (dotted) field that equals the caller's `sub`, or another claim. */
export interface ResourceOptions {
  readonly owner: string | { readonly field: string; readonly claim?: string };
  /** Callers to whom objects of others are shown all the same. */
  readonly except?: Access;
}

/**
 * Says whose the objects of a schema are. Wherever the schema stands in a `response`, at any depth, an object of somebody
 * else never leaves: alone it becomes the denial of the route, in a list it is taken out.
 *
 * Returns the same schema with plain-data metadata. Whatever is derived from it keeps it, `.extend()`, `.pick()` and
 * wrappers included; where the owner's field was picked away, every object counts as foreign.
 */
export function resource<Source extends SchemaSource>(name: string, schema: Source, options: ResourceOptions): Source;
export function resource(name: string, schema: SchemaSource, options: ResourceOptions): SchemaSource {
  const { owner, except } = options;
  const rule = {
    name,
    owner:
      typeof owner === "string" ? { field: owner, claim: "sub" } : { field: owner.field, claim: owner.claim ?? "sub" },
    ...(except ? { except } : {}),
  };
  if (isZodSchema(schema)) {
    // In the metadata for everything that reads schemas, and in the definition, which is what Zod carries over when it
    // builds another object out of this one: without it `Order.extend({ … })` would be nobody's, silently.
    const marked = z.core.clone(schema, z.core.util.mergeDefs(schema._zod.def, { [resourceKey]: rule }), {
      parent: true,
    });
    return marked.meta({ [resourceKey]: rule });
  }
  return { ...schema, schema: { ...schema.schema, [resourceKey]: rule } } satisfies JsonSchemaSource;
}

/** Where in a response objects with an owner stand; computed once per route. */
export interface OwnershipPlan {
  readonly root: SchemaNode;
  /** The rule of each schema that describes a resource. */
  readonly rules: ReadonlyMap<SchemaNode, ResourceRule>;
  /** Every schema from which a resource can be reached: the only ones worth a visit. */
  readonly relevant: ReadonlySet<SchemaNode>;
}

/**
 * Finds the resources in a schema; `undefined` where there is none.
 * Throws a HeadgateError `policy-invalid` where one stands behind a transformation: what the backend sent could not be
 * compared with it.
 */
export function compileOwnership(source: SchemaSource): OwnershipPlan | undefined {
  const root = isZodSchema(source) ? toZodGraph(source) : compileJsonSchema(source.schema, true).graph;
  const nodes = new Set([root]);
  for (const node of nodes) for (const next of neighboursOf(node)) nodes.add(next);
  const rules = new Map<SchemaNode, ResourceRule>();
  for (const node of nodes) if (node.resource !== undefined) rules.set(node, readRule(node.resource));
  if (rules.size === 0) return undefined;
  const relevant = closeOver(nodes, rules);
  for (const node of relevant) refuseTransformed(node, relevant);
  return { root, rules, relevant };
}

/** The names of the resources of a plan, for reports. */
export function resourceNames(plan: OwnershipPlan): readonly string[] {
  return [...new Set([...plan.rules.values()].map((rule) => rule.name))];
}

function readRule(metadata: unknown): ResourceRule {
  const rule = resourceRule.safeParse(metadata);
  if (rule.success) return rule.data;
  throw new HeadgateError(
    "policy-invalid",
    `The metadata ${resourceKey} of a schema is not a resource: ${rule.error.message}`,
  );
}

function neighboursOf(node: SchemaNode): readonly SchemaNode[] {
  return [
    ...node.branches.map((branch) => branch.node),
    ...node.properties.values(),
    ...node.values.map((value) => value.node),
    ...node.tuple,
    ...(node.items ? [node.items] : []),
  ];
}

/** All nodes that lead to a rule, found backwards so that cycles end. */
function closeOver(nodes: ReadonlySet<SchemaNode>, rules: ReadonlyMap<SchemaNode, ResourceRule>): Set<SchemaNode> {
  const leadingTo = new Map<SchemaNode, SchemaNode[]>();
  for (const node of nodes) {
    for (const next of neighboursOf(node)) leadingTo.set(next, [...(leadingTo.get(next) ?? []), node]);
  }
  const relevant = new Set(rules.keys());
  for (const node of relevant) for (const before of leadingTo.get(node) ?? []) relevant.add(before);
  return relevant;
}

function refuseTransformed(node: SchemaNode, relevant: ReadonlySet<SchemaNode>): void {
  const hidden = node.branches.find((branch) => branch.role === "after" && relevant.has(branch.node));
  const isSeen = node.branches.some((branch) => branch.role === "same" && relevant.has(branch.node));
  if (!hidden || isSeen) return;
  throw new HeadgateError(
    "policy-invalid",
    "A resource stands behind z.preprocess() or .pipe(), where what the backend sent cannot be compared with its owner: " +
      "describe the response as it is sent.",
  );
}
