import fc from "fast-check";
import { expect, test } from "vitest";
import { loadGraphql } from "../../policy/graphql-parser.ts";
import { compileRules } from "./compile-rules.ts";
import { type Operation, readDocument } from "./document.ts";
import { graphqlOption } from "./option.ts";
import type { DocumentNode, FragmentNode, OperationNode, SelectionSetNode } from "./ast.ts";
import type { Measures } from "./set-summary.ts";
import type { z } from "zod";

const parser = loadGraphql();

const sdl = `
  type Query { product(id: ID!): Product products(first: Int = 20): [Product!]! node(id: ID!): Node query: Query found: [Found!]! }
  type Mutation { login(password: String): Product! }
  interface Node { id: ID! }
  type Product implements Node { id: ID! name: String reviews(first: Int): ReviewConnection! related: [Product!]! @listSize(assumedSize: 5) heavy: Int @cost(weight: "50") }
  type ReviewConnection { edges: [ReviewEdge!]! total: Int }
  type ReviewEdge { node: Review }
  type Review implements Node { id: ID! text: String product: Product }
  union Found = Product | Review
`;

function rulesOf(options: z.input<typeof graphqlOption> = {}) {
  return compileRules(graphqlOption.parse(options), { parser, file: () => sdl, asksForOwners: true });
}

function read(text: string, options: z.input<typeof graphqlOption> = {}): Operation {
  const document = readDocument(text, parser, rulesOf(options));
  if (document.refused !== undefined) throw new Error(document.reason);
  return document.operations[0] as Operation;
}

function reasonOf(text: string, options: z.input<typeof graphqlOption> = {}): string | undefined {
  const document = readDocument(text, parser, rulesOf(options));
  return document.refused === undefined ? undefined : document.reason;
}

const measuresOf = (text: string): Measures => read(text).measures;
const bySchema = { schema: "schema.graphql" };

test("a document is counted as it would run", () => {
  expect(
    measuresOf(
      "query A($x: Int @d) @d { a b: c @d @e { d d x: d { e } } ...F } fragment F on Query @d { a g { h { i { j } } } }",
    ),
  ).toEqual({
    depth: 4,
    height: 4,
    rootFields: 4,
    aliases: 2,
    directives: 5,
    directivesPerPlace: 2,
    duplicates: 1,
  });
});

test("however a document is cut into fragments, it counts the same", () => {
  const spellings = [
    "{a{b{c} d{e f}}}",
    "{...{a{...{b{...{c}} ... on X{d{e f}}}}}}",
    "{...A} fragment A on Query{a{...B}} fragment B on X{b{c} ...C} fragment C on X{d{...D}} fragment D on Y{e f}",
    "{...{...A}} fragment A on Query{...{a{b{c} d{... on Y{e f}}}}}",
  ];
  const [first, ...others] = spellings.map((text) => [measuresOf(text), read(text).cost({})]);
  for (const other of others) expect(other).toEqual(first);
});

test("fragments that spread each other twice are counted without being walked twice, and saturate", () => {
  const lines = Array.from(
    { length: 200 },
    (_, n) => `fragment F${n} on Query{x:a ${n < 199 ? `...F${n + 1} ...{...F${n + 1}}` : "a"}}`,
  );
  const started = performance.now();
  const operation = read(`{...F0} ${lines.join(" ")}`, { tokens: 100_000 });
  expect(operation.measures.aliases).toBe(Number.MAX_SAFE_INTEGER);
  expect(operation.cost({})).toBe(Number.MAX_SAFE_INTEGER);
  const varying = read(`query($n:Int){...F0} ${lines.join(" ").replace("x:a a}", "a(first:$n){b}}")}`, {
    tokens: 100_000,
  });
  expect(varying.cost({ n: 3 })).toBe(Number.MAX_SAFE_INTEGER);
  expect(performance.now() - started).toBeLessThan(500);
});

test("a fragment counts each time that it is spread", () => {
  const text = (count: number) =>
    `{${Array.from({ length: count }, (_, n) => `a${n}:a{...F}`).join(" ")}} fragment F on X{b:c}`;
  expect([1, 3, 9].map((count) => measuresOf(text(count)).aliases)).toEqual([2, 6, 18]);
});

for (const [text, reason] of [
  ["{a", "the document is no GraphQL"],
  ["", "the document is no GraphQL"],
  ["{...F}", "the document has a fragment that it does not define"],
  ["{a} fragment F on X{b}", "the document has a fragment that nothing spreads"],
  ["{...F} fragment F on X{...F}", "the document has fragments that spread each other in a circle"],
  [
    "{...A} fragment A on X{b{...B}} fragment B on X{...{...A}}",
    "the document has fragments that spread each other in a circle",
  ],
  ["{...F} fragment F on X{a} fragment F on X{b}", "the document has two fragments of one name"],
  ["fragment F on X{a}", "the document has no operation"],
  ["type Query{a:Int}", "the document has parts of a schema"],
  ["query A{a} query B{b}", "the document has 2 operations"],
  ["query($a:Int $a:Int){a}", "the document has a variable declared twice"],
  ['{user(id:"mine" id:"theirs")}', "the document has an argument given twice"],
  ['{user(by:{id:"mine" id:"theirs"})}', "the document has an argument given twice"],
  ["{a@d(x:1 x:2)}", "the document has an argument given twice"],
  ["{headgateOwner_Order:secret}", "the document has a name that the gateway uses itself"],
  ["{a".repeat(10_000), "the document is nested too deep"],
  [`{${"a ".repeat(3000)}}`, "the document has more tokens than allowed"],
] as const) {
  test(`is refused: ${text.slice(0, 60)}`, () => expect(reasonOf(text)).toBe(reason));
}

test("operations of one name are refused however many a document may have", () => {
  const reason = "the document has operations that a name does not tell apart";
  expect(reasonOf("query A{a} query A{b}", { operations: 3 })).toBe(reason);
  expect(reasonOf("{a} query A{b}", { operations: 3 })).toBe(reason);
  expect(reasonOf("query A{a} query B{b}", { operations: 3 })).toBeUndefined();
});

test("a chain of fragments cannot end the stack", () => {
  const chain = Array.from({ length: 5000 }, (_, n) => `fragment F${n} on X{a{...F${n + 1}}}`).join(" ");
  expect(reasonOf(`{...F0} ${chain} fragment F5000 on X{a}`, { tokens: 1_000_000 })).toMatch(/too deep/);
  // Written from the inside out, each is known when the next one spreads it.
  const backwards = Array.from({ length: 5000 }, (_, n) => `...F${5000 - n}`).join(" ");
  expect(reasonOf(`{${backwards} ...F0} ${chain} fragment F5000 on X{a}`, { tokens: 1_000_000 })).toMatch(/too deep/);
});

for (const [name, text, cost] of [
  ["a field costs one", "{product(id:1){id name}}", 3],
  ["a list costs its elements, as many as its argument says", "{products(first:3){id name}}", 1 + 3 * 2],
  ["or as its default says", "{products{id}}", 1 + 20],
  ["or its assumed size", "{product(id:1){related{id}}}", 2 + 5],
  ["or the policy's, where nothing tells", "{found{... on Product{id} ...on Review{id}}}", 1 + 10 * 2],
  ["lists within lists multiply", "{products(first:10){related{related{id}}}}", 1 + 10 * (1 + 5 * (1 + 5))],
  [
    "a connection's size is that of its edges",
    "{product(id:1){reviews(first:7){edges{node{id}} total}}}",
    2 + 1 + 1 + 7 * 2,
  ],
  [
    "through fragments, too",
    "{product(id:1){reviews(first:7){...F}}} fragment F on ReviewConnection{edges{node{id}} total}",
    2 + 1 + 1 + 7 * 2,
  ],
  ["a weight of the schema counts", "{product(id:1){heavy}}", 51],
  ["less than nothing is everything", "{products(first:-1){id}}", Number.MAX_SAFE_INTEGER],
  ["null is nothing said", "{products(first:null){id}}", 1 + 10],
] as const) {
  test(`cost: ${name}`, () => expect(read(text, bySchema).cost({})).toBe(cost));
}

test("cost: variables count with what they are, whatever else is remembered", () => {
  const operation = read("query($n:Int=4){products(first:$n){id}}", bySchema);
  expect(
    [{}, { n: 2 }, { n: 1000 }, { n: "50" }, { n: -1 }, { n: null }].map((given) => operation.cost(given)),
  ).toEqual([5, 3, 1001, 51, Number.MAX_SAFE_INTEGER, 11]);
  const nested = read("query($p:P){items(pagination:$p){id}}");
  expect(nested.cost({ p: { limit: 30 } })).toBe(31);
  expect(read("{items(pagination:{pageSize:30}){id}}").cost({})).toBe(31);
});

test("what the schema does not have cannot be asked for", () => {
  for (const text of [
    "{nothing}",
    "{product(id:1){nothing}}",
    "{found{id}}",
    "{node(id:1){...on Nothing{id}}}",
    "{product(id:1){name{first}}}",
  ])
    expect([text, reasonOf(text, bySchema)]).toEqual([text, expect.stringMatching(/that the schema does not have/)]);
  expect(reasonOf("subscription{a}", bySchema)).toBe("the document has a subscription, of which the schema has none");
  expect(reasonOf("{node(id:1){__typename id ... on Product{name}}}", bySchema)).toBeUndefined();
});

test("introspection is seen in every spelling, and `__typename` is none", () => {
  const introspects = (text: string, options = {}) => {
    const document = readDocument(text, parser, rulesOf(options));
    return document.refused === undefined && document.introspects;
  };
  for (const options of [{}, bySchema]) {
    for (const text of [
      "{__schema{types{name}}}",
      '{x:__type(name:"A"){name}}',
      "{...F} fragment F on Query{...{__schema{types{...T}}}} fragment T on __Type{name fields{name}}",
      "{__schema@skip(if:true){types{name}}}",
    ])
      expect([text, introspects(text, options)]).toEqual([text, true]);
    expect(introspects("{__typename product(id:1){__typename}}", options)).toBe(false);
  }
  expect(introspects("{_service{sdl}}")).toBe(true);
});

/** A document with its fragments written out where they are spread, counted in the plainest way. */
function countPlainly(
  document: DocumentNode,
): Pick<Measures, "depth" | "height" | "rootFields" | "aliases" | "directives"> {
  const fragments = new Map<string, FragmentNode>();
  for (const each of document.definitions)
    if (each.kind === "FragmentDefinition") fragments.set(each.name?.value ?? "", each as unknown as FragmentNode);
  const counted = { depth: 0, height: 0, rootFields: 0, aliases: 0, directives: 0 };
  const walk = (set: SelectionSetNode, depth: number): number => {
    let width = 0;
    for (const each of set.selections) {
      counted.directives += each.directives?.length ?? 0;
      const inner = each.kind === "FragmentSpread" ? fragments.get(each.name.value)?.selectionSet : each.selectionSet;
      if (each.kind !== "Field") width += inner ? walk(inner, depth) : 0;
      else {
        width += 1;
        counted.aliases += each.alias ? 1 : 0;
        counted.depth = Math.max(counted.depth, depth + 1);
        const below = inner ? walk(inner, depth + 1) : 0;
        counted.height = Math.max(counted.height, below);
      }
    }
    return width;
  };
  counted.rootFields = walk((document.definitions[0] as unknown as OperationNode).selectionSet, 0);
  counted.height = Math.max(counted.height, counted.rootFields);
  return counted;
}

test("whatever can be written counts as if its fragments were written out", () => {
  const selection = fc.letrec<{ set: string; one: string }>((tie) => ({
    one: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("a", "b:a", "__typename", "a@d", "...G", "...G@d", "a(x:1)", "a(first:$n){b}"),
      tie("set").map((set) => `a${set}`),
      tie("set").map((set) => `...@d${set}`),
      tie("set").map((set) => `... on X${set}`),
    ),
    set: fc.array(tie("one"), { minLength: 1, maxLength: 3 }).map((all) => `{${all.join(" ")}}`),
  }));
  fc.assert(
    fc.property(selection.set, selection.set, selection.set, (set, f, g) => {
      const last = g.replaceAll(/\.\.\.G(@d)?/g, "c");
      const text = `query($n:Int){...F ...G a${set}} fragment F on X${f} fragment G on X${last}`;
      const { measures, cost } = read(text, { tokens: 1_000_000 });
      expect(measures).toMatchObject(countPlainly(parser.parse(text, {})));
      expect(cost({ n: 3 })).toBeGreaterThanOrEqual(measures.rootFields);
    }),
  );
});
