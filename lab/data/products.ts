import { type Database, insert } from "./rows.ts";
import { mediaIds } from "./media.ts";
import { type Random, toUuid } from "./random.ts";

const materials = ["Oak", "Linen", "Copper", "Wool", "Cork", "Slate", "Willow", "Felt", "Brass", "Stoneware"] as const;
const things = [
  ["Lamp", "lighting"],
  ["Chair", "furniture"],
  ["Basket", "storage"],
  ["Blanket", "textiles"],
  ["Teapot", "kitchen"],
  ["Shelf", "furniture"],
  ["Clock", "decoration"],
  ["Bowl", "kitchen"],
  ["Stool", "furniture"],
  ["Cushion", "textiles"],
] as const;
const sizes = ["Small", "Large"] as const;
const suppliers = ["Nordholm Wholesale", "Vale & Sons", "Quay Imports", "Bright Kiln"] as const;

/** The ids of the 200 products, in the order of the catalogue. */
const productIds: readonly string[] = Array.from({ length: 200 }, (_, index) => toUuid(`product/${index}`));

/** Writes 200 products. What they cost the shop and who delivers them is nobody else's business. */
export function seedProducts(database: Database, random: Random): void {
  for (const [index, id] of productIds.entries()) {
    const material = materials[index % 10] ?? materials[0];
    const [thing, category] = things[Math.floor(index / 10) % 10] ?? things[0];
    const size = sizes[Math.floor(index / 100)] ?? sizes[0];
    const price = random.between(900, 24_900) / 100;
    insert(database, "products", {
      id,
      name: `${size} ${material} ${thing}`,
      description: `A ${size.toLowerCase()} ${thing.toLowerCase()} in ${material.toLowerCase()}, made in small batches.`,
      category,
      price,
      currency: "EUR",
      stock: random.between(0, 400),
      image: `/api/content/media/${mediaIds[index % mediaIds.length]}`,
      costPrice: Math.round(price * random.between(25, 60)) / 100,
      supplier: random.pick(suppliers),
    });
  }
}
