import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiCors = defineControl({
  id: "api-cors",
  area: "api",
  title: "Only origins on a declared list may read API answers from a page, with or without the user's credentials.",
  why:
    "An API that echoes any `Origin` and allows credentials lets every website a user visits call it in that " +
    "user's name and read the result. A loose comparison is as good as none: `null`, a look-alike suffix or a " +
    "plain-http twin of a trusted origin passes it.",
  remediation:
    "List exact origins under `cors` for the site, or per route where they differ; the gateway then replaces " +
    "whatever the backend says. Without Headgate, compare the whole origin with a fixed list, never reflect it " +
    "and never accept `null`, send `Vary: Origin`, and make sure that no state-changing call works as a simple " +
    "request without a preflight.",
  severity: "high",
  proof: "automatic",
  references: cite("API8:2023", "V3.4.2", "V3.5.1", "V3.5.2", "V4.1.4", "CWE-346", "CWE-942", "WSTG-CLNT-07"),
});
