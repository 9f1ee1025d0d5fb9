import { DatabaseSync } from "node:sqlite";
import { seedArticles } from "./articles.ts";
import { seedOrders } from "./orders.ts";
import { seedProducts } from "./products.ts";
import { createRandom } from "./random.ts";
import { seedReviews } from "./reviews.ts";
import type { Database } from "./rows.ts";
import { seedUsers } from "./users.ts";

const schema = `
  create table users (
    id text primary key, name text, email text unique, phone text, address text, role text, isAdmin integer,
    creditLimit real, passwordHash text, resetPasswordToken text, createdAt text
  );
  create table products (
    id text primary key, name text, description text, category text, price real, currency text, stock integer,
    image text, costPrice real, supplier text
  );
  create table orders (
    id text primary key, customerId text, status text, total real, currency text, address text, items text,
    placedAt text, paymentToken text, internalNote text
  );
  create index orders_by_customer on orders (customerId);
  create table reviews (
    id text primary key, productId text, authorId text, author text, rating integer, text text, createdAt text
  );
  create index reviews_by_product on reviews (productId);
  create table articles (
    slug text primary key, title text, summary text, body text, status text, author text, authorEmail text,
    image text, internalNote text, publishedAt text
  );
  create table media (id text primary key, fileName text, type text, content blob);
`;

/** Makes the shop's data in memory: 200 products, 50 users, 1,000 orders, reviews, articles and media. */
export function createDatabase(): Database {
  const database = new DatabaseSync(":memory:");
  const random = createRandom(20_190_304);
  database.exec(schema);
  database.exec("begin");
  seedUsers(database, random);
  seedProducts(database, random);
  seedOrders(database, random);
  seedReviews(database, random);
  seedArticles(database);
  database.exec("commit");
  return database;
}
