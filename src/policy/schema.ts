import { z } from "zod";
import type { Guard } from "../guards/guard.ts";
import { access } from "../guards/access.ts";
import { guards } from "../guards/registry.gen.ts";
import { identityOptions } from "../identity/options.ts";
import { bytesOption } from "../lib/bytes.ts";
import { parseCidr } from "../lib/ip.ts";
import { durationOption } from "../lib/duration.ts";
import { textOption } from "../lib/text-option.ts";
import { reportsOptions } from "../reports/options.ts";
import { secretOption } from "../secrets/reference.ts";
import { upstreamOptions } from "../upstream/options.ts";

const unitName = z.string().regex(/^[a-z][a-z0-9-]*$/, "a name is kebab-case: lower-case letters, digits, hyphens");
const mode = z.enum(["enforce", "report"]);

const guardKeys = [...new Set(guards.map((guard) => guard.key))];

/** The modes of guards: one for all, or by policy key. A route's modes come before the policy's. */
const modeOption = z.union([mode, z.strictObject(Object.fromEntries(guardKeys.map((key) => [key, mode.optional()])))]);

/** What a guard takes under its key: its options, or a list of them where it says so. */
function guardOption(guard: Guard): z.ZodType {
  return guard.list ? z.union([guard.options, z.array(guard.options)]) : guard.options;
}

/** The keys of guards, with `access` optional or not at all for the caller to add. */
function guardShape(): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  for (const guard of guards) if (guard.key !== access.key) shape[guard.key] ??= guardOption(guard).optional();
  return shape;
}

/** The keys of a route beside those of the guards. */
export const routeExtras = {
  page: z.boolean().default(false).meta({ description: "It serves documents to a browser's address bar, not data." }),
  protocol: z
    .enum(["http", "events", "websocket"])
    .default("http")
    .meta({ description: "`events`: server-sent events may stream; `websocket`: the connection is upgraded." }),
  forward: z
    .array(z.string().toLowerCase())
    .default([])
    .meta({ description: "Further request headers that go upstream, beside the usual ones and the declared ones." }),
  mode: modeOption.optional().meta({ description: "`report` logs what would be denied; `enforce` denies." }),
};

/** The keys of a route without those of optional guards; the types come from here. */
const routeKeys = {
  match: z.string().meta({ description: 'Method and path: `"GET /api/products/:id"`.' }),
  to: z.string().meta({ description: "The upstream that serves it." }),
  access: access.options,
  ...routeExtras,
};

/** The schema of one route, whether the policy declares it or one of its keys brings it along. */
export const routeSchema = z.strictObject({ ...routeKeys, ...guardShape() }) as unknown as z.ZodObject<
  typeof routeKeys,
  z.core.$strict
>;

const port = z.int().min(0).max(65_535);

const listenSchema = z
  .strictObject({
    host: z.string().default("0.0.0.0").meta({ description: "The address that the gateway listens on." }),
    https: z
      .union([port, z.literal(false)])
      .default(8443)
      .meta({ description: "The port for HTTP/2 and HTTP/1.1 over TLS." }),
    http: z
      .union([port, z.literal(false)])
      .default(8080)
      .meta({ description: "The plain port: redirects documents, refuses calls." }),
    admin: z
      .union([port, z.literal(false)])
      .default(9090)
      .meta({ description: "Health, readiness and metrics." }),
    adminHost: z.string().default("127.0.0.1").meta({ description: "The address of the admin port." }),
    certificate: z.strictObject({ cert: z.string(), key: z.string() }).optional().meta({
      description:
        "PEM files, read again when they change. Without them a loopback site gets a development certificate.",
    }),
  })
  .prefault({});

const transportSchema = z
  .strictObject({
    maxHeaderBytes: bytesOption("16kb").meta({ description: "All request headers together." }),
    maxHeaders: z.int().min(10).max(1000).default(100).meta({ description: "Request header fields." }),
    maxTargetBytes: bytesOption("8kb").meta({ description: "The request target." }),
    maxBodyBytes: bytesOption("1mb").meta({ description: "A request body, unless its route says otherwise." }),
    headersTimeout: durationOption("10s").meta({ description: "For all request headers to arrive." }),
    idleTimeout: durationOption("15s").meta({
      description: "For the next part of a request body, and for a reader to take a part of the answer.",
    }),
    minBytesPerSecond: z
      .int()
      .min(0)
      .default(256)
      .meta({ description: "The slowest upload that is still served, after the first idle timeout." }),
    keepAliveTimeout: durationOption("65s").meta({ description: "For the next request on a connection." }),
    maxConnectionsPerAddress: z
      .int()
      .min(1)
      .default(256)
      .meta({ description: "Connections at once from one address." }),
    maxDecompressionRatio: z
      .int()
      .min(1)
      .default(100)
      .meta({ description: "How many times its wire size a body may decode to." }),
    drainTimeout: durationOption("30s").meta({ description: "For calls in flight when the process is told to stop." }),
  })
  .prefault({});

const reason = z.string().min(10, "say why, in a sentence: the reason is logged and audited");

const unsafeSchema = z
  .strictObject({
    allowTls12: reason.optional().meta({ description: "Accept TLS 1.2 from clients." }),
    allowHttpUpstream: reason.optional().meta({ description: "Reach upstreams outside private networks without TLS." }),
    allowPlainHttp: reason.optional().meta({ description: "Serve calls on the plain port." }),
  })
  .prefault({});

const principalSchema = z.strictObject({
  subject: z.string(),
  scopes: z.array(z.string()).default([]),
  roles: z.array(z.string()).default([]),
  claims: z.record(z.string(), z.unknown()).default({}),
});

const cidr = textOption(parseCidr, 'an address range such as "10.0.0.0/8" or "2001:db8::/32"');

/** The policy's own keys; the types come from here. */
const policyKeys = {
  site: z.url({ protocol: /^https?$/ }).meta({ description: "The one public origin: pages and APIs." }),
  hosts: z
    .array(z.string().toLowerCase())
    .default([])
    .meta({ description: "Further host names that are served, beside the site's." }),
  listen: listenSchema,
  transport: transportSchema,
  trustedProxies: z.array(cidr).default([]).meta({ description: "Who may say for whom it forwards." }),
  identity: identityOptions.optional().meta({ description: "Whose tokens are accepted." }),
  upstreams: z.record(unitName, upstreamOptions).meta({ description: "The services behind, by name." }),
  routes: z
    .array(routeSchema)
    .min(1)
    .meta({ description: "What can be called. Whatever is not declared does not exist." }),
  reports: reportsOptions.optional().meta({ description: "What browsers report; off unless said." }),
  principals: z
    .record(z.string(), principalSchema)
    .default({})
    .meta({ description: "Callers for `explain` and `simulate`. They have no meaning at run time." }),
  admin: z
    .strictObject({ token: secretOption.optional().meta({ description: "The bearer token of the admin port." }) })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error"]).default("info"),
      allowed: z.boolean().default(true).meta({ description: "Log calls that were allowed, too." }),
    })
    .prefault({}),
  unsafe: unsafeSchema,
  mode: modeOption.optional().meta({ description: "`report` logs what would be denied; `enforce` denies." }),
};

/**
 * The schema of the whole policy, composed from its own keys and those of every guard. Unknown keys are refused. Its
 * type leaves the guards out: they are a list, and what each takes is known only where the policy is written.
 */
export const policySchema = z.strictObject({ ...policyKeys, ...guardShape() }) as unknown as z.ZodObject<
  typeof policyKeys,
  z.core.$strict
>;

/** A policy whose form was judged; compilation judges its meaning. */
export type ParsedPolicy = z.output<typeof policySchema>;
