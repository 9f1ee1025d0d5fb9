import { z } from "zod";
import { bytesOption } from "../lib/bytes.ts";
import { durationOption } from "../lib/duration.ts";
import { secretOption } from "../secrets/reference.ts";

const credentialObject = z.strictObject({
  secret: secretOption.meta({ description: "Where the credential comes from." }),
  header: z
    .string()
    .toLowerCase()
    .default("authorization")
    .meta({ description: "The request header that carries it." }),
  scheme: z
    .string()
    .optional()
    .meta({ description: "The word before it; `Bearer` for the authorization header, nothing for any other." }),
});

const urlOptions = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ description: "Scheme, host and port; a path is put before every path." }),
  credential: z
    .union([
      secretOption.transform((secret) => ({ secret, header: "authorization", scheme: undefined })),
      credentialObject,
    ])
    .optional()
    .meta({ description: "What the gateway shows the upstream; the client's own header of that name is dropped." }),
  passAuthorization: z
    .boolean()
    .optional()
    .meta({ description: "Whether the caller's verified token goes along. Default: only without a `credential`." }),
  host: z
    .enum(["upstream", "public"])
    .default("upstream")
    .meta({ description: "Which Host header the upstream sees: its own, or the public one." }),
  connections: z.int().min(1).max(4096).default(128).meta({ description: "Most connections to it at once." }),
  timeouts: z
    .strictObject({
      connect: durationOption("2s").meta({ description: "To a connection." }),
      headers: durationOption("30s").meta({ description: "To the first byte of the answer." }),
      body: durationOption("30s").meta({ description: "Between two parts of the answer." }),
    })
    .prefault({}),
  retries: z.int().min(0).max(3).default(1).meta({ description: "Further tries of GET and HEAD that got no answer." }),
  breaker: z
    .strictObject({
      failures: z.int().min(1).default(5).meta({ description: "Failures in a row that stop calls." }),
      open: durationOption("5s").meta({ description: "How long, before one call tries again." }),
    })
    .prefault({}),
  maxResponse: bytesOption("2gb").meta({ description: "The largest answer passed on." }),
});

/** A path in the public form, where `*` stands for anything within a segment and `**` for anything at all. */
const pathPattern = z.string().regex(/^\/[^?#\\]*$/, 'a path such as "/fonts/*" or "/downloads/**"');

/** A file of the directory, without a way out of it. */
const fileName = z
  .string()
  .regex(/^(?!\/)(?!.*(?:^|\/)\.)[^\\\0]+$/, "a file inside of the directory, without dot segments");

const directoryOptions = z.strictObject({
  directory: z
    .string()
    .min(1)
    .meta({ description: "The folder of a built site, relative to the policy: its files are served as they are." }),
  cleanUrls: z.boolean().default(true).meta({
    description: "Serve `about.html` and `about/index.html` at `/about`; their other spellings redirect there.",
  }),
  trailingSlash: z
    .enum(["never", "always"])
    .default("never")
    .meta({ description: "The one spelling of a page's path, with `cleanUrls`; the other one redirects." }),
  notFound: fileName.default("404.html").meta({ description: "The page for what is not there, if the file exists." }),
  fallback: fileName.optional().meta({
    description: "The page for every path without a file, status 200: for single-page apps that route in the browser.",
  }),
  immutable: z.array(pathPattern).default([]).meta({
    description: "Further paths whose files never change, beside build folders and names with a hash.",
  }),
  maxAge: durationOption("0s").meta({
    description: "How long other files may be reused without asking; pages are asked for each time.",
  }),
  precompressed: z
    .boolean()
    .default(true)
    .meta({ description: "Send `app.js.br`, `.zst` or `.gz` in place of `app.js` to whoever takes it." }),
  sourceMaps: z.boolean().default(false).meta({ description: "Serve `.map` files, which give the sources back." }),
  openFiles: z.int().min(8).max(65_536).default(1024).meta({ description: "Most files open at once." }),
});

/** The schema of one entry of `upstreams`: a service and how to reach it, or a folder of files. */
export const upstreamOptions = z.union([urlOptions, directoryOptions]);

/** One upstream as the policy's author writes it: the keys of a service and of a folder do not mix. */
export type UpstreamInput =
  | (z.input<typeof urlOptions> & { readonly directory?: never })
  | (z.input<typeof directoryOptions> & { readonly url?: never });

/** A service behind the gateway, as the policy declares it, parsed. */
export type UrlUpstreamOptions = z.output<typeof urlOptions>;

/** A folder of files, as the policy declares it, parsed. */
export type DirectoryUpstreamOptions = z.output<typeof directoryOptions>;
