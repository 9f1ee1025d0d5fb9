import type { Directives } from "./directives.ts";

/**
 * What well-known services need of a page's policy, as their own documentation says. Exact hosts, no more than is needed
 * to show and use the service; whatever else it asks for arrives as a report.
 */
export const thirdParties = {
  /** Embedded players that set no cookie before they are started. */
  youtube: {
    "frame-src": ["https://www.youtube-nocookie.com", "https://www.youtube.com"],
    "img-src": ["https://i.ytimg.com"],
  },
  vimeo: { "frame-src": ["https://player.vimeo.com"], "img-src": ["https://i.vimeocdn.com"] },
  stripe: {
    "script-src": ["https://js.stripe.com/"],
    "frame-src": ["https://js.stripe.com", "https://hooks.stripe.com"],
    "connect-src": ["https://api.stripe.com"],
  },
  paypal: {
    "script-src": ["https://www.paypal.com/sdk/js"],
    "frame-src": ["https://www.paypal.com"],
    "connect-src": ["https://www.paypal.com"],
    "img-src": ["https://www.paypalobjects.com"],
  },
  /** Whoever may publish in the container runs scripts in the page. */
  gtm: {
    "script-src": ["https://www.googletagmanager.com/gtm.js", "https://www.googletagmanager.com/gtag/js"],
    "connect-src": ["https://www.googletagmanager.com", "https://www.google-analytics.com"],
    "img-src": ["https://www.googletagmanager.com", "https://www.google-analytics.com"],
  },
  "google-fonts": {
    "style-src": ["https://fonts.googleapis.com"],
    "font-src": ["https://fonts.gstatic.com"],
  },
  recaptcha: {
    "script-src": ["https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"],
    "frame-src": ["https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"],
  },
  turnstile: {
    "script-src": ["https://challenges.cloudflare.com/turnstile/"],
    "frame-src": ["https://challenges.cloudflare.com"],
  },
  plausible: { "script-src": ["https://plausible.io/js/"], "connect-src": ["https://plausible.io"] },
  /** Reports go to a host of the project's own: name that in `connect-src`. */
  sentry: { "script-src": ["https://js.sentry-cdn.com/", "https://browser.sentry-cdn.com/"] },
  contentful: {
    "img-src": ["https://images.ctfassets.net"],
    "media-src": ["https://videos.ctfassets.net", "https://assets.ctfassets.net"],
  },
  sanity: { "img-src": ["https://cdn.sanity.io"], "media-src": ["https://cdn.sanity.io"] },
  storyblok: { "img-src": ["https://a.storyblok.com"], "media-src": ["https://a.storyblok.com"] },
  prismic: { "img-src": ["https://images.prismic.io"] },
  datocms: { "img-src": ["https://www.datocms-assets.com"], "media-src": ["https://stream.mux.com"] },
  hygraph: { "img-src": ["https://media.graphassets.com"] },
  cloudinary: { "img-src": ["https://res.cloudinary.com"], "media-src": ["https://res.cloudinary.com"] },
  imgix: { "img-src": ["https://*.imgix.net"] },
  shopify: { "img-src": ["https://cdn.shopify.com"], "media-src": ["https://cdn.shopify.com"] },
} as const satisfies Readonly<Record<string, Directives>>;

/** The name of a service in `thirdParties`. */
export type ThirdParty = keyof typeof thirdParties;

/** All names, for the policy's schema. */
export const thirdPartyNames = Object.keys(thirdParties) as [ThirdParty, ...ThirdParty[]];
