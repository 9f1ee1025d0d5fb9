import { anyone, definePolicy, route } from "headgate";
import { z } from "zod";
import { category, media, page, post, searchResult, tag } from "./content.ts";
import { categoryQuery, fieldsQuery, mediaQuery, pageQuery, postQuery, searchQuery, tagQuery } from "./queries.ts";

// Where WordPress believes that it lives (its "Site Address") and can be reached by the gateway only.
const wordpressUrl = process.env["WORDPRESS_URL"] ?? "http://127.0.0.1:8081";

// What WordPress writes into its links, and what must not leave.
const origin = { from: [new URL(wordpressUrl).origin] };

const open = { to: "wordpress", access: anyone() } as const;
const byId = { params: z.object({ id: z.string().regex(/^[1-9]\d{0,9}$/) }) };
const wp = "/wp-json/wp/v2";

/** Names of files that no browser runs: neither SVG, which may carry scripts, nor names with a second ending. */
const uploadParams = z.object({
  year: z.string().regex(/^20\d\d$/),
  month: z.string().regex(/^(?:0[1-9]|1[0-2])$/),
  file: z.string().regex(/^[\w-]+\.(?:avif|gif|jpe?g|m4a|mp3|mp4|ogg|pdf|png|webm|webp)$/),
});

export default definePolicy({
  site: process.env["SITE_URL"] ?? "https://localhost:8443",
  upstreams: { wordpress: { url: wordpressUrl } },
  cors: { origins: ["https://partner.example"], expose: ["X-WP-Total", "X-WP-TotalPages"] },
  rewriteOrigin: origin,
  // WordPress announces its API there; the number of pages stands in X-WP-TotalPages.
  responseHeaders: { remove: ["link"] },
  limit: "300/min",
  routes: [
    route(`GET ${wp}/posts`, { ...open, query: postQuery, response: z.array(post) }),
    route(`GET ${wp}/posts/:id`, { ...open, ...byId, query: fieldsQuery(post), response: post }),
    route(`GET ${wp}/pages`, { ...open, query: pageQuery, response: z.array(page) }),
    route(`GET ${wp}/pages/:id`, { ...open, ...byId, query: fieldsQuery(page), response: page }),
    route(`GET ${wp}/media`, { ...open, query: mediaQuery, response: z.array(media) }),
    route(`GET ${wp}/media/:id`, { ...open, ...byId, query: fieldsQuery(media), response: media }),
    route(`GET ${wp}/categories`, { ...open, query: categoryQuery, response: z.array(category) }),
    route(`GET ${wp}/tags`, { ...open, query: tagQuery, response: z.array(tag) }),
    route(`GET ${wp}/search`, { ...open, query: searchQuery, response: z.array(searchResult) }),
    // Files pass as they are, so that players can ask for parts of them.
    route("GET /wp-content/uploads/:year/:month/:file", {
      ...open,
      params: uploadParams,
      rewriteOrigin: { ...origin, bodies: false },
    }),
  ],
});
