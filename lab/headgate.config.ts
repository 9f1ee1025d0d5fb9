/**
 * The policy that is put in front of the lab: the same weak services, but nothing of them is reachable that is not
 * declared here, and nothing leaves them that is not declared here.
 *
 * Uploads, the picture proxy, the CMS export, webhooks and the diagnostic routes are left out, and so closed.
 */
import { fileURLToPath } from "node:url";
import { anyone, definePolicy, owner, resource, route, scope, signedIn } from "headgate";
import { z } from "zod";

const { env } = process;
const site = env["LAB_SITE"] ?? "https://localhost:8443";
const issuer = env["LAB_ISSUER"] ?? "http://127.0.0.1:4104";

const Product = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  category: z.string().optional(),
  price: z.number(),
  currency: z.string().optional(),
  stock: z.int().optional(),
  image: z.string(),
});
/** What the scripts of a page need to know. */
const PageData = z.object({
  issuer: z.string(),
  clientId: z.string(),
  resource: z.string(),
  product: Product.optional(),
  slug: z.string().optional(),
});
const Review = z.object({
  id: z.uuid(),
  productId: z.uuid(),
  author: z.string(),
  rating: z.int(),
  text: z.string(),
  createdAt: z.string(),
});
const Address = z.object({ street: z.string(), city: z.string(), postalCode: z.string() }).partial();
const OrderItem = z.object({ productId: z.uuid(), name: z.string(), quantity: z.int(), price: z.number() });
const Order = resource(
  "Order",
  z.object({
    id: z.uuid(),
    customerId: z.uuid(),
    status: z.string(),
    total: z.number(),
    currency: z.string(),
    address: Address,
    items: z.array(OrderItem),
    placedAt: z.string(),
  }),
  { owner: "customerId", except: scope("admin") },
);
const Profile = resource(
  "Profile",
  z.object({ id: z.uuid(), name: z.string(), email: z.string(), phone: z.string().nullable(), address: Address }),
  { owner: "id", except: scope("admin") },
);
const Customer = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.string(),
  createdAt: z.string(),
});
const Article = z.object({
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  body: z.string(),
  status: z.literal("published"),
  author: z.string(),
  image: z.string(),
  publishedAt: z.string().nullable(),
});

const id = { params: z.object({ id: z.uuid() }) };
const userId = { params: z.object({ userId: z.uuid() }) };
const slug = z.string().regex(/^[a-z0-9-]{1,80}$/);
/** What people type into a search box; no quote gets through to a backend that pastes it into a statement. */
const searchText = z.string().regex(/^[\p{L}\p{N} ,.-]{1,60}$/u);
/** By its whole path, since the demo's policy stands in another folder than this file. */
const publicSchema = fileURLToPath(new URL("graphql/public.graphql", import.meta.url));
const page = { page: true, access: anyone() } as const;

export default definePolicy({
  site,
  hosts: ["127.0.0.1"],
  identity: {
    issuers: [
      {
        issuer,
        audience: "shop-api",
        algorithms: ["ES256"],
        typ: ["at+jwt"],
      },
    ],
    // The storefront's own sign-in keeps tokens in the page; a page that uses this one has none.
    sessions: {
      issuer,
      clientId: "storefront",
      resource: "urn:shop-api",
      scope: "openid profile email orders:read orders:write reviews:write profile:write admin",
    },
  },
  upstreams: {
    storefront: { url: env["LAB_STOREFRONT"] ?? "http://127.0.0.1:4100" },
    content: { url: env["LAB_CONTENT"] ?? "http://127.0.0.1:4101" },
    commerce: { url: env["LAB_COMMERCE"] ?? "http://127.0.0.1:4102" },
    graph: { url: env["LAB_GRAPHQL"] ?? "http://127.0.0.1:4103" },
  },
  cors: { origins: ["https://partner.example"] },
  limit: "600/min per address",
  csp: {
    directives: {
      // The one inline script of every page, which notes when it was opened.
      "script-src": ["'sha256-gc5pG5dyxwhqK7j9CYyYbMPePmn5ng2eQFIRRNlszTc='"],
      "connect-src": [issuer],
    },
  },
  pageData: { elements: { "page-data": PageData } },
  reports: {},
  injection: {
    freeText: ["text", "q"],
    // The identity provider's answer names its issuer (RFC 9207), which stands on loopback here.
    innerHosts: [new URL(issuer).host],
  },
  principals: {
    alice: {
      subject: "a11ce000-0000-4000-8000-000000000001",
      scopes: ["openid", "orders:read", "orders:write", "reviews:write", "profile:write"],
    },
    bob: {
      subject: "b0b00000-0000-4000-8000-000000000002",
      scopes: ["openid", "orders:read", "orders:write", "reviews:write", "profile:write"],
    },
    admin: {
      subject: "ad000000-0000-4000-8000-000000000003",
      scopes: ["openid", "orders:read", "admin"],
      roles: ["admin"],
    },
  },
  routes: [
    route("GET /api/products", {
      to: "commerce",
      access: anyone(),
      query: z.object({
        limit: z.coerce.number().int().min(1).max(100).optional(),
        offset: z.coerce.number().int().min(0).max(10_000).optional(),
        sort: z.enum(["name", "price"]).optional(),
      }),
      response: z.array(Product),
    }),
    route("GET /api/products/:id", { to: "commerce", access: anyone(), ...id, response: Product }),
    route("GET /api/search", {
      to: "commerce",
      access: anyone(),
      query: z.object({ q: searchText }),
      limit: "60/min per address",
      response: z.array(Product),
    }),
    route("GET /api/products/:id/reviews", {
      to: "commerce",
      access: anyone(),
      ...id,
      response: z.array(Review),
      sanitize: { fields: { "[].text": "basic", "[].author": "text" } },
    }),
    route("POST /api/products/:id/reviews", {
      to: "commerce",
      access: scope("reviews:write"),
      ...id,
      body: z.object({ rating: z.int().min(1).max(5), text: z.string().min(1).max(2000) }),
      limit: "5/min per subject",
      response: Review,
      sanitize: { fields: ["text"], out: { text: "basic", author: "text" } },
    }),

    route("GET /api/users/:userId", { to: "commerce", access: owner("userId"), ...userId, response: Profile }),
    route("PATCH /api/users/:userId", {
      to: "commerce",
      access: owner("userId"),
      ...userId,
      body: z.object({ name: z.string().min(1).max(100), email: z.email(), phone: z.string().max(40) }).partial(),
      limit: "10/min per subject",
      response: Profile,
    }),
    route("GET /api/users/:userId/orders", {
      to: "commerce",
      access: owner("userId"),
      ...userId,
      response: z.array(Order),
    }),
    // The path does not say whose order it is; the answer does.
    route("GET /api/orders/:id", { to: "commerce", access: signedIn(), ...id, response: Order }),
    route("POST /api/orders", {
      to: "commerce",
      access: scope("orders:write"),
      body: z.object({
        items: z
          .array(z.object({ productId: z.uuid(), quantity: z.int().min(1).max(99) }))
          .min(1)
          .max(50),
      }),
      limit: "10/min per subject",
      response: Order,
    }),
    route("GET /api/admin/users", { to: "commerce", access: scope("admin"), response: z.array(Customer) }),

    route("GET /api/content/articles", {
      to: "content",
      access: anyone(),
      response: z.array(Article),
      sanitize: { fields: { "[].body": "rich", "[].title": "text", "[].summary": "text" } },
    }),
    // GET stands here so that what is refused of it is refused as GraphQL; the policy takes operations by POST only.
    route("GET|POST /graphql", {
      to: "graph",
      access: anyone(),
      graphql: {
        schema: publicSchema,
        depth: 6,
        cost: 2000,
        access: {
          "*": anyone(),
          "Query.me": signedIn(),
          "Query.user": owner("id"),
          "Query.order": signedIn(),
          "Mutation.updateProfile": owner("userId"),
          "Mutation.addReview": scope("reviews:write"),
        },
        owners: {
          Order: { field: "customerId", except: scope("admin") },
          User: { field: "id", except: scope("admin") },
        },
        limits: [{ field: "Mutation.addReview", rate: "5/min per subject" }],
      },
    }),

    route("GET /api/content/articles/:slug", {
      to: "content",
      access: anyone(),
      params: z.object({ slug }),
      response: Article,
      sanitize: { fields: { body: "rich", title: "text", summary: "text" } },
    }),
    route("GET /api/content/media/:id", { to: "content", access: anyone(), ...id }),

    route("GET /", { to: "storefront", ...page }),
    route("GET /products/:id", { to: "storefront", ...page, ...id }),
    route("GET /articles", { to: "storefront", ...page }),
    route("GET /articles/:slug", { to: "storefront", ...page, params: z.object({ slug }) }),
    route("GET /search", { to: "storefront", ...page, query: z.object({ q: searchText.optional() }) }),
    route("GET /login", {
      to: "storefront",
      ...page,
      query: z.object({
        return: z
          .string()
          .regex(/^\/[a-z0-9/-]*$/)
          .optional(),
      }),
    }),
    // The provider's answer: a code, or an error, and a state that the page compares.
    route("GET /callback", { to: "storefront", ...page, query: "any" }),
    route("GET /account", { to: "storefront", ...page }),
    route("GET /admin", { to: "storefront", ...page }),
    route("GET /assets/:file", {
      to: "storefront",
      ...page,
      // A build that was given too much: the commerce API's name inside is in one of its scripts.
      rewriteOrigin: { from: "http://commerce-2.shop.internal:4000" },
      params: z.object({ file: z.string().regex(/^(?!live-editor|pricing\.js\.map)[a-z0-9-]+\.(js|css|svg|png)$/) }),
    }),
  ],
});
