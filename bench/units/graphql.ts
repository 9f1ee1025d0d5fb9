import { loadGraphql } from "../../src/policy/graphql-parser.ts";
import { compileRules } from "../../src/lib/graphql/compile-rules.ts";
import { createOperationJudge, type OperationJudge } from "../../src/lib/graphql/operation-judge.ts";
import { graphqlOption } from "../../src/lib/graphql/option.ts";
import type { UnitCost } from "../unit.ts";

/** A product page's operation as a frontend sends it: two variables, two fragments, three lists, 1 KB. */
const query = `query ProductPage($id: ID!, $reviews: Int = 10) {
  product(id: $id) {
    ...Card
    description
    images(first: 6) { url alt width height }
    variants(first: 20) { edges { node { id sku title price { amount currency } available } } }
    reviews(first: $reviews) {
      pageInfo { endCursor hasNextPage }
      edges { cursor node { id rating title text createdAt author { id name avatar { url } } } }
    }
    related(first: 4) { ...Card }
  }
  me {
    id
    name
    cart { id total { amount currency } lines(first: 50) { edges { node { id quantity product { ...Card } } } } }
    wishlist(first: 20) { edges { node { addedAt product { ...Card } } } }
  }
}

fragment Card on Product {
  id
  slug
  name
  category { id name path }
  price { amount currency }
  compareAtPrice { amount currency }
  rating
  image { ...Picture }
}

fragment Picture on Image {
  url(width: 320, format: WEBP)
  alt
  width
  height
  blurhash
}
`;

function createJudge(): OperationJudge {
  const options = graphqlOption.parse({ cost: 100_000, aliases: 5 });
  const parser = loadGraphql();
  const rules = compileRules(options, { parser, file: () => "", asksForOwners: true });
  return createOperationJudge(options, parser, rules, undefined);
}

function judge(judge: OperationJudge, query: string): void {
  const variables = { id: "d59d2a7e", reviews: 10 };
  const judged = judge.judge({ query, operationName: "ProductPage", variables, extensions: {}, documentId: undefined });
  if (judged.refused !== undefined) throw new Error("a product page asks for no more than it may");
}

export const graphqlNew: UnitCost = {
  name: "graphql-new",
  title: `a GraphQL query of ${query.length} bytes that was never seen before`,
  limitMicros: 60,
  async prepare() {
    const fresh = createJudge();
    let count = 0;
    return () => judge(fresh, `${query}#${(count += 1)}`);
  },
};

export const graphqlKnown: UnitCost = {
  name: "graphql-known",
  title: `a GraphQL query of ${query.length} bytes that is remembered`,
  limitMicros: 5,
  async prepare() {
    const known = createJudge();
    const bodies = Array.from({ length: 64 }, (_, at) => JSON.stringify({ query: `${query}#${at}` }));
    const read = (at: number) => (JSON.parse(bodies[at] ?? "") as { readonly query: string }).query;
    for (let turn = 0; turn < 2; turn += 1) for (const at of bodies.keys()) judge(known, read(at));
    let at = 0;
    // Parsed anew each time, as a request is: a text that nobody has hashed yet. This counts the parsing, too.
    return () => judge(known, read((at = (at + 1) % bodies.length)));
  },
};
