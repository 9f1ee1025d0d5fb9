/** The body of knowledge that a reference points into. */
export type ReferenceKind = "asvs" | "cwe" | "nist" | "owasp-api" | "owasp-cheat-sheet" | "owasp-cicd" | "rfc" | "wstg";

/** OWASP API Security Top 10, 2023: the published page of each risk. */
const apiRisks = {
  "API1:2023": "0xa1-broken-object-level-authorization",
  "API2:2023": "0xa2-broken-authentication",
  "API3:2023": "0xa3-broken-object-property-level-authorization",
  "API4:2023": "0xa4-unrestricted-resource-consumption",
  "API5:2023": "0xa5-broken-function-level-authorization",
  "API6:2023": "0xa6-unrestricted-access-to-sensitive-business-flows",
  "API7:2023": "0xa7-server-side-request-forgery",
  "API8:2023": "0xa8-security-misconfiguration",
  "API9:2023": "0xa9-improper-inventory-management",
  "API10:2023": "0xaa-unsafe-consumption-of-apis",
} as const;

/** OWASP Top 10 CI/CD Security Risks: the published page of each risk. */
const cicdRisks = {
  "CICD-SEC-1": "CICD-SEC-01-Insufficient-Flow-Control-Mechanisms",
  "CICD-SEC-2": "CICD-SEC-02-Inadequate-Identity-And-Access-Management",
  "CICD-SEC-3": "CICD-SEC-03-Dependency-Chain-Abuse",
  "CICD-SEC-4": "CICD-SEC-04-Poisoned-Pipeline-Execution",
  "CICD-SEC-5": "CICD-SEC-05-Insufficient-PBAC",
  "CICD-SEC-6": "CICD-SEC-06-Insufficient-Credential-Hygiene",
  "CICD-SEC-7": "CICD-SEC-07-Insecure-System-Configuration",
  "CICD-SEC-8": "CICD-SEC-08-Ungoverned-Usage-of-3rd-Party-Services",
  "CICD-SEC-9": "CICD-SEC-09-Improper-Artifact-Integrity-Validation",
  "CICD-SEC-10": "CICD-SEC-10-Insufficient-Logging-And-Visibility",
} as const;

/** OWASP ASVS 5.0.0: the file of each chapter. A requirement has no page of its own. */
const asvsChapters = {
  V1: "0x10-V1-Encoding-and-Sanitization",
  V2: "0x11-V2-Validation-and-Business-Logic",
  V3: "0x12-V3-Web-Frontend-Security",
  V4: "0x13-V4-API-and-Web-Service",
  V5: "0x14-V5-File-Handling",
  V6: "0x15-V6-Authentication",
  V7: "0x16-V7-Session-Management",
  V8: "0x17-V8-Authorization",
  V9: "0x18-V9-Self-contained-Tokens",
  V10: "0x19-V10-OAuth-and-OIDC",
  V11: "0x20-V11-Cryptography",
  V12: "0x21-V12-Secure-Communication",
  V13: "0x22-V13-Configuration",
  V14: "0x23-V14-Data-Protection",
  V15: "0x24-V15-Secure-Coding-and-Architecture",
  V16: "0x25-V16-Security-Logging-and-Error-Handling",
  V17: "0x26-V17-WebRTC",
} as const;

/** OWASP Web Security Testing Guide: the folder of each category. Pages are renamed between editions, folders stay. */
const wstgCategories = {
  INFO: "01-Information_Gathering",
  CONF: "02-Configuration_and_Deployment_Management_Testing",
  IDNT: "03-Identity_Management_Testing",
  ATHN: "04-Authentication_Testing",
  ATHZ: "05-Authorization_Testing",
  SESS: "06-Session_Management_Testing",
  INPV: "07-Input_Validation_Testing",
  ERRH: "08-Testing_for_Error_Handling",
  CRYP: "09-Testing_for_Weak_Cryptography",
  BUSL: "10-Business_Logic_Testing",
  CLNT: "11-Client-side_Testing",
  APIT: "12-API_Testing",
} as const;

/** An id as its publisher writes it, so that a search for `CWE-862` finds every control that answers it. */
export type ReferenceId =
  | keyof typeof apiRisks
  | keyof typeof cicdRisks
  | `${keyof typeof asvsChapters}.${number}.${number}`
  | `WSTG-${keyof typeof wstgCategories}-${number}`
  | `CWE-${number}`
  | `RFC ${number}`
  | `SP 800-${number}`
  | `SP 800-${number}r${number}`
  | `${string}_Cheat_Sheet`;

/** One published requirement, weakness, test or standard that a control answers to. */
export interface ControlReference {
  readonly kind: ReferenceKind;
  readonly id: ReferenceId;
}

interface Standard {
  readonly kind: ReferenceKind;
  /** Recognises an id; the first group is what the address depends on. */
  readonly pattern: RegExp;
  toUrl(key: string): string;
}

const asvsRoot = "https://github.com/OWASP/ASVS/blob/v5.0.0_release/5.0/en";
const wstgRoot = "https://github.com/OWASP/wstg/tree/master/document/4-Web_Application_Security_Testing";

const standards: readonly Standard[] = [
  {
    kind: "owasp-api",
    pattern: /^(API\d{1,2}:2023)$/,
    toUrl: (risk) => `https://owasp.org/API-Security/editions/2023/en/${lookUp(apiRisks, risk)}/`,
  },
  {
    kind: "owasp-cicd",
    pattern: /^(CICD-SEC-\d{1,2})$/,
    toUrl: (risk) => `https://owasp.org/www-project-top-10-ci-cd-security-risks/${lookUp(cicdRisks, risk)}`,
  },
  {
    kind: "asvs",
    pattern: /^(V\d{1,2})\.\d+\.\d+$/,
    toUrl: (chapter) => `${asvsRoot}/${lookUp(asvsChapters, chapter)}.md`,
  },
  {
    kind: "wstg",
    pattern: /^WSTG-([A-Z]{4})-\d{2}$/,
    toUrl: (category) => `${wstgRoot}/${lookUp(wstgCategories, category)}`,
  },
  {
    kind: "cwe",
    pattern: /^CWE-(\d+)$/,
    toUrl: (weakness) => `https://cwe.mitre.org/data/definitions/${weakness}.html`,
  },
  { kind: "rfc", pattern: /^RFC (\d+)$/, toUrl: (number) => `https://www.rfc-editor.org/rfc/rfc${number}` },
  {
    kind: "nist",
    pattern: /^SP 800-(\d+(?:r\d+)?)$/,
    toUrl: (publication) => `https://csrc.nist.gov/pubs/sp/800/${publication.replace("r", "/r")}/final`,
  },
  {
    kind: "owasp-cheat-sheet",
    pattern: /^([\w-]+_Cheat_Sheet)$/,
    toUrl: (sheet) => `https://cheatsheetseries.owasp.org/cheatsheets/${sheet}.html`,
  },
];

/**
 * Turns published ids into references. The kind follows from the way each publisher writes its ids.
 * Throws a `TypeError` on an id that no known standard uses.
 */
export function cite(...ids: readonly ReferenceId[]): readonly ControlReference[] {
  return ids.map((id) => ({ kind: recognise(id).standard.kind, id }));
}

/** The public page on which a reference can be read: an https URL, of the whole chapter where an item has no page. */
export function referenceUrl(reference: ControlReference): string {
  const { standard, key } = recognise(reference.id);
  return standard.toUrl(key);
}

function recognise(id: string): { standard: Standard; key: string } {
  for (const standard of standards) {
    const key = standard.pattern.exec(id)?.[1];
    if (key !== undefined) return { standard, key };
  }
  throw new TypeError(`"${id}" is not an id of any known standard`);
}

function lookUp(pages: Readonly<Record<string, string>>, key: string): string {
  const page = pages[key];
  if (page === undefined) throw new TypeError(`"${key}" has no published page`);
  return page;
}
