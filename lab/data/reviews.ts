import { type Database, insert } from "./rows.ts";
import { type Random, toUuid } from "./random.ts";

const texts = [
  "Looks better than in the pictures.",
  "Solid, and it arrived a day early.",
  "<p>The <strong>finish</strong> is lovely.</p>",
  "Smaller than I thought, still good.",
  "<ul><li>Well packed</li><li>Fair price</li></ul>",
] as const;

/** frontend-ugc: what earlier visitors left behind. The page runs it in the session of whoever reads the reviews. */
const hostileTexts = [
  `<img src="/assets/missing.png" onerror="window.labStoredScriptRan = 'review'">Five stars!`,
  `<script>window.labStoredScriptRan = "review"</script>Great value.`,
  `<a href="javascript:window.labStoredScriptRan = 'review-link'">See my photos</a>`,
  `<svg onload="window.labStoredScriptRan = 'review-svg'"></svg>Would buy again.`,
] as const;

/** Writes two reviews for each product; the first four products carry a hostile third one. */
export function seedReviews(database: Database, random: Random): void {
  const authors = database.prepare("select id, name from users order by rowid").all();
  const products = database.prepare("select id from products order by rowid").all();
  let count = 0;
  for (const [index, product] of products.entries()) {
    const hostile = hostileTexts[index];
    for (const text of [random.pick(texts), random.pick(texts), ...(hostile === undefined ? [] : [hostile])]) {
      const author = authors[random.between(0, authors.length - 1)];
      insert(database, "reviews", {
        id: toUuid(`review/${count}`),
        productId: product["id"],
        authorId: author?.["id"],
        author: author?.["name"],
        rating: random.between(2, 5),
        text,
        createdAt: new Date(Date.UTC(2026, random.between(0, 9), random.between(1, 28))).toISOString(),
      });
      count += 1;
    }
  }
}
