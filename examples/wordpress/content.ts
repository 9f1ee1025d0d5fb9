import { z } from "zod";

// What WordPress may answer. Whatever is not written here does not leave: the author's id, with which people are looked
// up, the links to users, comments and revisions, and whatever a plugin adds to these objects one day. Every field is
// optional because callers choose theirs with `_fields`.

const id = z.int().positive();
const date = z.string();
const rendered = z.object({ rendered: z.string(), protected: z.boolean().optional() });
const href = z.object({ href: z.url() });

const links = z
  .object({
    self: z.array(href),
    collection: z.array(href),
    up: z.array(href),
    "wp:featuredmedia": z.array(href),
    "wp:term": z.array(href.extend({ taxonomy: z.string() })),
  })
  .partial();

/** What posts, pages and media have in common. */
const entry = z.object({
  id,
  date,
  date_gmt: date,
  modified: date,
  modified_gmt: date,
  guid: rendered,
  link: z.url(),
  slug: z.string(),
  // Only what is published: WordPress itself decides by status, and this decides once more.
  status: z.literal("publish"),
  title: rendered,
  _links: links,
});

const article = entry.extend({
  content: rendered,
  excerpt: rendered,
  // Zero where there is none.
  featured_media: z.int().min(0),
});

export const post = article
  .extend({
    type: z.literal("post"),
    categories: z.array(id),
    tags: z.array(id),
    sticky: z.boolean(),
    format: z.string(),
  })
  .partial();

export const page = article
  .extend({ type: z.literal("page"), parent: z.int().min(0), menu_order: z.int(), template: z.string() })
  .partial();

const size = z.object({
  file: z.string(),
  width: z.int(),
  height: z.int(),
  mime_type: z.string(),
  source_url: z.url(),
});

export const media = entry
  .extend({
    type: z.literal("attachment"),
    // "inherit": visible as far as the post is to which it belongs.
    status: z.enum(["inherit", "publish"]),
    alt_text: z.string(),
    caption: rendered,
    media_type: z.enum(["image", "file"]),
    mime_type: z.string(),
    source_url: z.url(),
    // PHP writes an empty list where there is nothing to say, and photographs tell where and with what they were taken.
    media_details: z.union([
      z
        .object({ width: z.int(), height: z.int(), sizes: z.union([z.record(z.string(), size), z.tuple([])]) })
        .partial(),
      z.tuple([]),
    ]),
  })
  .partial();

const term = z.object({
  id,
  count: z.int().min(0),
  description: z.string(),
  link: z.url(),
  name: z.string(),
  slug: z.string(),
});

export const category = term.extend({ taxonomy: z.literal("category"), parent: z.int().min(0) }).partial();

export const tag = term.extend({ taxonomy: z.literal("post_tag") }).partial();

export const searchResult = z
  .object({ id, title: z.string(), url: z.url(), type: z.literal("post"), subtype: z.enum(["post", "page"]) })
  .partial();
