/** The demo's policy, so that `npx headgate check` and `npx headgate explain` say something right after the clone. */
export { default } from "./lab/headgate.config.ts";
