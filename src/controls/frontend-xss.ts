import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const frontendXss = defineControl({
  id: "frontend-xss",
  area: "frontend",
  title:
    "Every value that pages display stays text in the place where it lands, and no template bypasses the " +
    "framework's own escaping.",
  why:
    "If a value from a URL, a form or the content system is inserted as markup, its author runs script in the " +
    "browsers of other users. That script acts as the visitor: it reads what they see, submits what they could " +
    "submit, and takes any token that scripts can reach.",
  remediation:
    "Let the framework escape: bind values as text, allow only `https`, `http` and `mailto` in links built from " +
    "data, and escape `<` in JSON placed inside a script element. Where markup is intended, name the field in " +
    "`sanitize`, or pass the value through a maintained sanitiser with its defaults before it meets " +
    "`dangerouslySetInnerHTML`, `v-html` or `innerHTML`.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "V1.2.1",
    "V1.2.2",
    "V1.2.3",
    "V3.2.1",
    "V3.2.2",
    "CWE-79",
    "CWE-80",
    "CWE-116",
    "WSTG-CLNT-01",
    "WSTG-INPV-01",
    "WSTG-INPV-02",
    "Cross_Site_Scripting_Prevention_Cheat_Sheet",
    "DOM_based_XSS_Prevention_Cheat_Sheet",
  ),
});
