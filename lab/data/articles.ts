import { type Database, insert, type Row } from "./rows.ts";
import { mediaIds, seedMedia } from "./media.ts";

const author = {
  author: "Nora Quist",
  authorEmail: "nora.quist@shop.example",
  publishedAt: "2026-03-04T08:00:00.000Z",
};

const articles: readonly Row[] = [
  {
    slug: "how-we-choose-wood",
    title: "How we choose our wood",
    summary: "From the forest to the workshop.",
    body: `<h2>Slow growth</h2><p>Trees from <em>cold</em> slopes grow slowly.</p>
<blockquote>Good wood is a matter of patience.</blockquote>
<ul><li>Oak from the north</li><li>Willow from the river</li></ul>
<table><thead><tr><th>Wood</th><th>Years</th></tr></thead><tbody><tr><td>Oak</td><td>120</td></tr></tbody></table>`,
    status: "published",
    internalNote: "Supplier contract ends in June, do not promise more.",
  },
  {
    slug: "a-week-in-the-kiln",
    title: "A week in the kiln",
    summary: "Stoneware takes its time.",
    body: `<p>Seven days, <a href="https://kiln.example/temperature">1,280 degrees</a>.</p>
<figure><img src="/api/content/media/${mediaIds[0]}" alt="The kiln" width="320"><figcaption>Day three</figcaption></figure>
<pre><code>cone 10: 1280 C</code></pre>`,
    status: "published",
    internalNote: "",
  },
  {
    // frontend-ugc, frontend-xss: rich text straight from an editor's paste; the page renders it as it is.
    slug: "summer-tables",
    title: "Summer tables",
    summary: "Three ways to set one.",
    body: `<p>Bring the table outside.</p><script>window.labStoredScriptRan = "article"</script>
<p><a href="javascript:window.labStoredScriptRan = 'article-link'">Download the plan</a></p>
<img src="/assets/missing.png" alt="" onerror="window.labStoredScriptRan = 'article-image'">
<iframe srcdoc="<script>parent.labStoredScriptRan = 'article-frame'</script>"></iframe>`,
    status: "published",
    internalNote: "",
  },
  {
    slug: "price-increase-in-december",
    title: "Why our prices rise in December",
    summary: "Embargo until 1 December.",
    body: "<p>From December all lamps cost 12 percent more.</p>",
    status: "draft",
    internalNote: "EMBARGO. Listed company: do not publish early.",
  },
  {
    slug: "new-shop-in-bergen",
    title: "Our new shop in Bergen",
    summary: "Lease not signed yet.",
    body: "<p>We open in spring, at the old harbour.</p>",
    status: "draft",
    internalNote: "The landlord must not read this before we sign.",
  },
];

/** Writes published articles, drafts and pictures. */
export function seedArticles(database: Database): void {
  seedMedia(database);
  for (const [index, article] of articles.entries()) {
    insert(database, "articles", { ...article, ...author, image: `/api/content/media/${mediaIds[index]}` });
  }
}
