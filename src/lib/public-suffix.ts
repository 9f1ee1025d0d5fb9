/** Suffixes under which anybody can have a name within a minute: previews, tunnels, storage, serverless functions. */
const sharedHosting = new Set([
  ...["amplifyapp.com", "appspot.com", "azureedge.net", "azurestaticapps.net", "azurewebsites.net", "b-cdn.net"],
  ...[
    "blogspot.com",
    "bolt.host",
    "cloudfront.net",
    "codesandbox.io",
    "csb.app",
    "deno.dev",
    "deno.net",
    "edgeone.app",
  ],
  ...[
    "firebaseapp.com",
    "fly.dev",
    "framer.app",
    "framer.website",
    "github.dev",
    "github.io",
    "gitlab.io",
    "gitpod.io",
  ],
  ...["glitch.me", "herokuapp.com", "hosted.app", "loca.lt", "lovable.app", "netlify.app", "ngrok-free.app"],
  ...["ngrok-free.dev", "ngrok.app", "ngrok.dev", "ngrok.io", "now.sh", "onrender.com", "ondigitalocean.app"],
  ...[
    "pages.dev",
    "railway.app",
    "r2.dev",
    "render.com",
    "repl.co",
    "replit.app",
    "replit.dev",
    "run.app",
    "s3.amazonaws.com",
  ],
  ...[
    "stackblitz.io",
    "supabase.co",
    "surge.sh",
    "translate.goog",
    "trycloudflare.com",
    "up.railway.app",
    "usercontent.goog",
  ],
  ...["vercel.app", "vercel.dev", "web.app", "webcontainer.io", "web.core.windows.net", "webflow.io", "wixsite.com"],
  ...["wordpress.com", "workers.dev", "myshopify.com", "nip.io", "sslip.io"],
]);

/** Second-level names that registries of countries sell names under, as in `co.uk` and `com.au`. */
const registrySecondLevels = new Set(
  "ac co com edu firm gen go gob gov gouv id ind ltd mil muni name ne net nhs nom or org plc sch web".split(" "),
);

/**
 * Whether strangers can get names directly under `domain`, so that `*.domain` means anybody.
 *
 * A short list of what stands in policies by mistake, not the whole Public Suffix List: it catches `com`, `co.uk`,
 * `vercel.app` and their like. A name that it does not know counts as private.
 */
export function isPublicSuffix(domain: string): boolean {
  const labels = domain.split(".");
  if (labels.length === 1) return domain !== "localhost";
  if (sharedHosting.has(domain)) return true;
  const [second = "", top = ""] = labels;
  return labels.length === 2 && top.length === 2 && registrySecondLevels.has(second);
}
