import { randomUUID } from "node:crypto";
import { type Database, insert, type Row, toColumn } from "../data/rows.ts";
import type { Caller } from "../http/caller.ts";

/** What every resolver can reach. */
export type GraphContext = { readonly database: Database; readonly caller: Caller | undefined };

type Resolve = (parent: Row, args: Row, context: GraphContext) => unknown;

/**
 * Resolves the graph.
 *
 * api-access: no resolver asks who calls. Each field is one query of the database, so that api-graphql's missing limits
 * on depth and aliases turn a few bytes into thousands of them.
 */
export const resolvers = {
  Query: {
    product: one("select * from products where id = ?", argument("id")),
    products: searchProducts,
    article: one("select * from articles where slug = ?", argument("slug")),
    articles: many("select * from articles where status = ?", argument("status")),
    me: one("select * from users where id = ?", (_, __, { caller }) => caller?.id),
    user: one("select * from users where id = ?", argument("id")),
    users: many("select * from users"),
    order: one("select * from orders where id = ?", argument("id")),
    orders: many("select * from orders limit ?", argument("first")),
  },
  Mutation: { updateProfile, addReview, publishArticle },
  Product: {
    reviews: many("select * from reviews where productId = ?", parent("id")),
    related: many("select * from products where category = ? limit 5", parent("category")),
  },
  Review: {
    author: one("select * from users where id = ?", parent("authorId")),
    product: one("select * from products where id = ?", parent("productId")),
  },
  User: {
    orders: many("select * from orders where customerId = ?", parent("id")),
    reviews: many("select * from reviews where authorId = ?", parent("id")),
  },
  Order: {
    owner: one("select * from users where id = ?", parent("customerId")),
    items: (order: Row) => JSON.parse(String(order["items"])),
  },
  OrderItem: {
    product: one("select * from products where id = ?", parent("productId")),
  },
};

/** api-input: the same search by concatenation as in the REST API. */
function searchProducts(_: Row, args: { search?: string; first: number }, { database }: GraphContext) {
  const statement = `select * from products where name like '%${args.search ?? ""}%' limit ${args.first}`;
  return database.prepare(statement).all();
}

/** api-access: any profile, any field, no token. */
function updateProfile(_: Row, args: { userId: string; changes: Row }, { database }: GraphContext) {
  for (const [column, value] of Object.entries(args.changes)) {
    database.prepare(`update users set ${column} = ? where id = ?`).run(toColumn(value), args.userId);
  }
  return database.prepare("select * from users where id = ?").get(args.userId);
}

/** frontend-ugc: stored as sent, anonymous too. */
function addReview(_: Row, args: { productId: string; rating: number; text: string }, context: GraphContext) {
  const authorId = context.caller?.id ?? null;
  const review = { ...args, id: randomUUID(), authorId, author: "Guest", createdAt: new Date().toISOString() };
  insert(context.database, "reviews", review);
  return review;
}

/** api-access: an editor's function without an editor. */
function publishArticle(_: Row, args: { slug: string }, { database }: GraphContext) {
  database.prepare("update articles set status = 'published' where slug = ?").run(args.slug);
  return database.prepare("select * from articles where slug = ?").get(args.slug);
}

function one(statement: string, pick: Resolve): Resolve {
  return (row, args, context) => context.database.prepare(statement).get(toColumn(pick(row, args, context)));
}

function many(statement: string, pick?: Resolve): Resolve {
  return (row, args, context) => {
    const values = pick === undefined ? [] : [toColumn(pick(row, args, context))];
    return context.database.prepare(statement).all(...values);
  };
}

function argument(name: string): Resolve {
  return (_, args) => args[name];
}

function parent(column: string): Resolve {
  return (row) => row[column];
}
