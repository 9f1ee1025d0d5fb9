import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiInput = defineControl({
  id: "api-input",
  area: "api",
  title: "Nothing reaches a backend unless its path, query, headers and body match a declared schema.",
  why:
    "A field of an unexpected type or name becomes a query operator, a shell argument, a changed price or a " +
    "polluted prototype once it is inside the backend. Injection of this kind reads or rewrites whole databases, " +
    "and a form checked only in the browser stops nobody who sends the request by hand.",
  remediation:
    "Describe what a route accepts with `params`, `query`, `headers` and `body`: types, lengths, ranges, and no " +
    "undeclared keys. Without Headgate, parse every request with a strict schema before any other code sees it, " +
    "bound size and depth, refuse duplicate keys and wrong content types with a 4xx, and keep parameterised " +
    "queries behind it.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "API3:2023",
    "API8:2023",
    "API10:2023",
    "V1.2.4",
    "V1.2.5",
    "V1.5.1",
    "V2.2.1",
    "V2.2.2",
    "V15.3.3",
    "V15.3.5",
    "V15.3.6",
    "V15.3.7",
    "CWE-20",
    "CWE-22",
    "CWE-78",
    "CWE-89",
    "CWE-235",
    "CWE-915",
    "CWE-943",
    "CWE-1321",
    "Input_Validation_Cheat_Sheet",
  ),
});
