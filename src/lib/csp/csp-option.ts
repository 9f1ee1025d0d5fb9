import { z } from "zod";
import { attempt } from "../text-option.ts";
import { type Directives, sourceDirectives } from "./directives.ts";
import { parseSource } from "./source.ts";
import { thirdPartyNames } from "./third-parties.ts";

const descriptions: Readonly<Record<(typeof sourceDirectives)[number], string>> = {
  "script-src": "Foreign scripts that may run, by origin and path, and inline scripts by hash.",
  "style-src": "Style sheets, beside the site's own; inline ones by hash.",
  "img-src": "Pictures, beside the site's own and `data:`.",
  "font-src": "Fonts, beside the site's own.",
  "connect-src": "What scripts may call, beside the site's own.",
  "media-src": "Sound and video, beside the site's own.",
  "frame-src": "Who may be shown in a frame of the page; nobody unless said.",
  "worker-src": "Workers, beside the site's own.",
  "manifest-src": "The web app manifest.",
  "form-action": "Where forms may be sent, beside the site's own.",
  "frame-ancestors": "Who may show the page in a frame; nobody unless said.",
};

const directivesOption = z
  .strictObject(
    Object.fromEntries(
      sourceDirectives.map((name) => [
        name,
        z
          .array(z.string().transform((text, context) => attempt(() => parseSource(name, text), text, context)))
          .optional()
          .meta({ description: descriptions[name] }),
      ]),
    ),
  )
  .transform((directives) => directives as Directives);

/** What a content security policy consists of, enforced or only reported. */
const shape = {
  directives: directivesOption
    .prefault({})
    .meta({ description: "Sources by directive, in addition to the site itself." }),
  thirdParties: z
    .array(z.enum(thirdPartyNames))
    .default([])
    .meta({ description: "Well-known services that pages use; each brings the sources that it needs." }),
  strictDynamic: z.boolean().optional().meta({
    description: "Trusted scripts may load further ones. On with nonces, and with hashes where all are known.",
  }),
  trustedTypes: z
    .union([
      z.literal(false),
      z.array(z.string().regex(/^[A-Za-z0-9\-#=_/@.%]+$/, "the name of a Trusted Types policy, as scripts create it")),
    ])
    .default(false)
    .meta({ description: "Names of the policies that may make trusted values; text is refused by dangerous sinks." }),
};

/** The policy key `csp`. */
export const cspOption = z
  .strictObject({
    mode: z.enum(["nonce", "hash", "upstream"]).optional().meta({
      description:
        "`nonce`: pages are rewritten on their way; `hash`: they are files of a build, which a manifest knows; `upstream`: the page's own policy stays. `hash` for directories, else `nonce`.",
    }),
    manifest: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "The file that `headgate csp build` wrote. Without it, no inline script of a build runs." }),
    scripts: z
      .array(z.string().regex(/^\/[^\s"'<>?#\\]*$/, 'the beginning of a path, such as "/assets/"'))
      .default(["/_next/static/", "/_nuxt/", "/_astro/", "/assets/", "/static/", "/build/"])
      .meta({
        description: "Where the site's own scripts are: a script tag of these paths gets the nonce, no other does.",
      }),
    ...shape,
    styleAttributes: z
      .boolean()
      .default(false)
      .meta({ description: "Whether `style` attributes count. They cannot run code, but tell and hide things." }),
    reportOnly: z
      .union([z.literal(true), z.strictObject(shape)])
      .optional()
      .meta({
        description: "`true`: this policy only reports. Or a second one beside it, which only reports: the next one.",
      }),
  })
  .prefault({})
  .refine(({ mode, manifest }) => manifest === undefined || mode === undefined || mode === "hash", {
    message: 'a manifest is for mode "hash"',
    path: ["manifest"],
  });

/** The policy key `csp`, parsed. */
export type CspOptions = z.output<typeof cspOption>;

/** The part of it that makes up one policy. */
export type CspPolicy = Exclude<CspOptions["reportOnly"], true | undefined>;
