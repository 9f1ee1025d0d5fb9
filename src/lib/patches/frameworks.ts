import { astro } from "./astro.ts";
import { next } from "./next.ts";
import { nuxt } from "./nuxt.ts";
import type { Framework } from "./patch.ts";
import { reactRouter } from "./react-router.ts";
import { sveltekit } from "./sveltekit.ts";

/** Every framework that has patches, by name. */
export const frameworks = {
  next,
  nuxt,
  astro,
  "react-router": reactRouter,
  sveltekit,
} as const satisfies Record<string, Framework>;
