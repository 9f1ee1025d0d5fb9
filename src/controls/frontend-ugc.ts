import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const frontendUgc = defineControl({
  id: "frontend-ugc",
  area: "frontend",
  title: "Markup written by users or editors is reduced to harmless elements before anyone else's browser renders it.",
  why:
    "A review, comment or rich-text field that stores raw HTML stores script as well, and the headless backend " +
    "passes it on to every channel that shows it. One post then attacks each later reader, moderators and " +
    "administrators first.",
  remediation:
    'Name the fields in `sanitize`, for example `sanitize: ["text"]`, and the gateway reduces their markup to a ' +
    "safe set. Without Headgate, use a maintained sanitiser that parses rather than matches, on the server and " +
    "with an allow-list, treat Markdown and SVG as markup, clean what is already stored, and serve uploads with a " +
    "checked type, as attachments or from another origin.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "V1.3.1",
    "V1.3.4",
    "V1.3.5",
    "V3.2.1",
    "V5.2.2",
    "CWE-79",
    "CWE-80",
    "CWE-87",
    "CWE-434",
    "WSTG-INPV-02",
    "File_Upload_Cheat_Sheet",
  ),
});
