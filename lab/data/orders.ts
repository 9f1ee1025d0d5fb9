import { type Database, insert, type Row } from "./rows.ts";
import { type Random, toUuid } from "./random.ts";
import { toAddress } from "./users.ts";

const statuses = ["paid", "packed", "shipped", "delivered", "returned"] as const;
const notes = ["", "", "", "Fraud score 71, watch this customer", "Complained in May, be careful"] as const;

/** Writes 1,000 orders, 20 for each of the 50 users. */
export function seedOrders(database: Database, random: Random): void {
  const customers = database.prepare("select id from users order by rowid").all();
  const products = database.prepare("select id, name, price from products order by rowid").all();
  for (let index = 0; index < 1000; index += 1) {
    const items = Array.from({ length: random.between(1, 4) }, () => toItem(random, products));
    insert(database, "orders", {
      id: toUuid(`order/${index}`),
      customerId: customers[index % customers.length]?.["id"],
      status: random.pick(statuses),
      total: sum(items),
      currency: "EUR",
      address: toAddress(random),
      items,
      placedAt: new Date(Date.UTC(2026, random.between(0, 9), random.between(1, 28), 9, index % 60)).toISOString(),
      paymentToken: `pay_lab_${random.between(10_000_000, 99_999_999)}`,
      internalNote: random.pick(notes),
    });
  }
}

function toItem(random: Random, products: readonly Row[]): Row {
  const product = products[random.between(0, products.length - 1)];
  return {
    productId: product?.["id"],
    name: product?.["name"],
    quantity: random.between(1, 3),
    price: product?.["price"],
  };
}

function sum(items: readonly Row[]): number {
  const cents = items.map((item) => Math.round(Number(item["price"]) * 100) * Number(item["quantity"]));
  return cents.reduce((total, part) => total + part, 0) / 100;
}
