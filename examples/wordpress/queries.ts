import { z } from "zod";
import { category, media, page, post, searchResult, tag } from "./content.ts";

// What callers may ask. A key that is not written here is refused, which closes `rest_route`, `_method`, `_jsonp`,
// `_embed` (it brings the authors along), `status`, `author` and every filter that a plugin adds.

const id = z.string().regex(/^[1-9]\d{0,9}$/);
/** A list of ids as WordPress takes it, twenty at most: `4,8,15`. */
const ids = z.string().regex(/^[1-9]\d{0,9}(?:,[1-9]\d{0,9}){0,19}$/);
const slug = z.string().regex(/^[\p{L}\p{N}_-]{1,200}$/u);
const text = z.string().trim().min(2).max(100);

const paging = {
  page: z.coerce.number().int().min(1).max(1000),
  per_page: z.coerce.number().int().min(1).max(50),
  order: z.enum(["asc", "desc"]),
};

/** `_fields=id,title`: names of declared fields only. */
function fieldsOf(schema: z.ZodObject) {
  const name = `(?:${Object.keys(schema.shape).join("|")})`;
  return { _fields: z.string().regex(new RegExp(`^${name}(?:,${name}){0,19}$`)) };
}

/** The query of a single entry. */
export function fieldsQuery(schema: z.ZodObject) {
  return z.object(fieldsOf(schema)).partial();
}

const inTime = { before: z.iso.datetime({ local: true }), after: z.iso.datetime({ local: true }) };

export const postQuery = z
  .object({
    ...paging,
    ...inTime,
    ...fieldsOf(post),
    search: text,
    slug,
    include: ids,
    categories: ids,
    tags: ids,
    orderby: z.enum(["date", "modified", "title", "slug", "id", "include", "relevance"]),
  })
  .partial();

export const pageQuery = z
  .object({
    ...paging,
    ...fieldsOf(page),
    search: text,
    slug,
    include: ids,
    parent: ids,
    orderby: z.enum(["date", "modified", "title", "slug", "id", "include", "menu_order", "relevance"]),
  })
  .partial();

export const mediaQuery = z
  .object({
    ...paging,
    ...fieldsOf(media),
    search: text,
    slug,
    include: ids,
    media_type: z.enum(["image", "video", "audio", "application"]),
    orderby: z.enum(["date", "modified", "title", "slug", "id", "include", "relevance"]),
  })
  .partial();

const terms = {
  ...paging,
  search: text,
  slug,
  include: ids,
  post: id,
  orderby: z.enum(["id", "name", "slug", "count", "include"]),
};

export const categoryQuery = z.object({ ...terms, ...fieldsOf(category), parent: ids }).partial();

export const tagQuery = z.object({ ...terms, ...fieldsOf(tag) }).partial();

export const searchQuery = z
  .object({
    search: text,
    page: paging.page,
    per_page: paging.per_page,
    subtype: z.enum(["post", "page"]),
    ...fieldsOf(searchResult),
  })
  .partial({ page: true, per_page: true, subtype: true, _fields: true });
