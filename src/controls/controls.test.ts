import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ControlReference, type ReferenceKind, cite, referenceUrl } from "./control-reference.ts";
import type { Control, ControlArea } from "./control.ts";

const areas: Readonly<Record<ControlArea, number>> = { api: 8, frontend: 6, secrets: 5, monitoring: 5 };

const publishedForms: Readonly<Record<ReferenceKind, RegExp>> = {
  asvs: /^V\d+\.\d+\.\d+$/,
  cwe: /^CWE-\d+$/,
  nist: /^SP 800-\d+(r\d+)?$/,
  "owasp-api": /^API\d{1,2}:2023$/,
  "owasp-cheat-sheet": /^[A-Za-z_-]+_Cheat_Sheet$/,
  "owasp-cicd": /^CICD-SEC-\d{1,2}$/,
  rfc: /^RFC \d+$/,
  wstg: /^WSTG-[A-Z]+-\d+$/,
};

const names = readdirSync(import.meta.dirname)
  .filter((file) => Object.keys(areas).some((area) => file.startsWith(`${area}-`)))
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();

const controls = await Promise.all(
  names.map(async (name) => {
    const module: Record<string, Control> = await import(new URL(`./${name}.ts`, import.meta.url).href);
    return { name, exported: Object.entries(module) };
  }),
);

const all = controls.flatMap(({ exported }) => exported.map(([, control]) => control));

/** Strips what does not carry meaning, so that a copied text with other punctuation still counts as a copy. */
function normalise(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, " ");
}

function toCamelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

describe("the checklist", () => {
  it("has 24 controls: 8 of the API, 6 of the frontend, 5 of secrets, 5 of monitoring", () => {
    expect(all).toHaveLength(24);
    for (const [area, count] of Object.entries(areas)) {
      expect(all.filter((control) => control.area === area).length, area).toBe(count);
    }
  });

  it("has every id once", () => {
    expect(new Set(all.map((control) => control.id)).size).toBe(all.length);
  });

  it.each(["title", "why", "remediation"] as const)("has no %s twice", (field) => {
    expect(new Set(all.map((control) => normalise(control[field]))).size).toBe(all.length);
  });

  it("leaves to people's declarations only what no machine can observe", () => {
    const attested = all.filter((control) => control.proof === "attested").map((control) => control.id);
    expect(attested).toEqual(["monitoring-audits", "monitoring-incident-plan"]);
  });
});

describe.each(controls)("$name", ({ name, exported }) => {
  it("is the one export of its file, under the same name", () => {
    expect(exported.map(([key, control]) => [key, control.id])).toEqual([[toCamelCase(name), name]]);
  });

  it.each(exported)("%s starts its id with its area", (_, control) => {
    expect(control.id.startsWith(`${control.area}-`)).toBe(true);
  });

  it.each(exported)("%s says everything in full sentences on one line", (_, control) => {
    for (const text of [control.title, control.why, control.remediation]) {
      expect(text).toMatch(/^[A-Z`].+\.$/);
      expect(text).not.toMatch(/\s{2}|\n/);
      expect(text.split("`").length % 2, "backticks come in pairs").toBe(1);
    }
    expect(control.title, "one sentence").not.toMatch(/\. /);
    expect(control.why.split(/\. /).length, "one to three sentences").toBeLessThanOrEqual(3);
  });

  it.each(exported)("%s cites each source once, in the form of its publisher", (_, { references }) => {
    expect(references).not.toHaveLength(0);
    expect(new Set(references.map(({ id }) => id)).size).toBe(references.length);
    for (const { kind, id } of references) expect(id).toMatch(publishedForms[kind]);
  });

  it.each(exported)("%s leads to a public page for each source", (_, { references }) => {
    for (const reference of references) {
      const url = referenceUrl(reference);
      expect(URL.parse(url)?.protocol, url).toBe("https:");
      expect(url).not.toMatch(/undefined|\s/);
    }
  });
});

describe("a reference", () => {
  it.each<[ControlReference, string]>([
    [
      { kind: "asvs", id: "V8.2.2" },
      "https://github.com/OWASP/ASVS/blob/v5.0.0_release/5.0/en/0x17-V8-Authorization.md",
    ],
    [{ kind: "cwe", id: "CWE-639" }, "https://cwe.mitre.org/data/definitions/639.html"],
    [{ kind: "nist", id: "SP 800-61r3" }, "https://csrc.nist.gov/pubs/sp/800/61/r3/final"],
    [{ kind: "nist", id: "SP 800-218" }, "https://csrc.nist.gov/pubs/sp/800/218/final"],
    [
      { kind: "owasp-api", id: "API10:2023" },
      "https://owasp.org/API-Security/editions/2023/en/0xaa-unsafe-consumption-of-apis/",
    ],
    [
      { kind: "owasp-cheat-sheet", id: "GraphQL_Cheat_Sheet" },
      "https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html",
    ],
    [
      { kind: "owasp-cicd", id: "CICD-SEC-6" },
      "https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-06-Insufficient-Credential-Hygiene",
    ],
    [{ kind: "rfc", id: "RFC 9457" }, "https://www.rfc-editor.org/rfc/rfc9457"],
    [
      { kind: "wstg", id: "WSTG-CLNT-07" },
      "https://github.com/OWASP/wstg/tree/master/document/4-Web_Application_Security_Testing/11-Client-side_Testing",
    ],
  ])("%o is recognised by its id and leads to %s", (reference, url) => {
    expect(cite(reference.id)).toEqual([reference]);
    expect(referenceUrl(reference)).toBe(url);
  });

  it("in no known form is refused", () => {
    // @ts-expect-error -- OWASP's web list is not an API risk
    expect(() => cite("A01:2021")).toThrow('"A01:2021" is not an id of any known standard');
  });

  it("without a published page is refused", () => {
    // @ts-expect-error -- the 2023 list ends at ten
    expect(() => referenceUrl({ kind: "owasp-api", id: "API11:2023" })).toThrow('"API11:2023" has no published page');
  });
});
