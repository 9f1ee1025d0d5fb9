import type { TokenFormat } from "./token-format.ts";
import { contextFormats } from "./token-formats-context.ts";

const hex = (length: number) => "0f1e2d3c4b5a6978".repeat(16).slice(0, length);
const mixed = (length: number) => "aB3dE5fG7hI9jK1lM".repeat(16).slice(0, length);

/** Formats whose beginning or shape is unmistakable. */
const ownFormats: readonly TokenFormat[] = [
  {
    name: "contentful-management-token",
    class: "critical",
    // 43 today; with a prefix like this the length need not be exact.
    pattern: /\bCFPAT-[A-Za-z0-9_-]{40,64}(?![A-Za-z0-9_-])/,
    maxLength: 72,
    triggers: ["CFPAT-"],
    found: [`CFPAT-${mixed(43)}`, `"Bearer CFPAT-${mixed(40)}_-x"`],
    spared: [`CFPAT-${mixed(12)}`, `CFPAT-${mixed(70)}`, "CFPAT-…"],
  },
  {
    name: "storyblok-personal-token",
    class: "critical",
    pattern: /\b[0-9A-Za-z]{22}tt-\d{6}-[A-Za-z0-9_-]{20}(?![A-Za-z0-9_-])/,
    maxLength: 55,
    lead: 22,
    triggers: [..."0123456789"].map((digit) => `tt-${digit}`),
    found: [`${mixed(22)}tt-123456-${mixed(20)}`],
    spared: [`${mixed(22)}tt`, "att-123456-building", `${mixed(22)}tt-12345-${mixed(20)}`],
  },
  {
    name: "shopify-access-token",
    class: "critical",
    pattern: /\bshp(?:at|ca|pa|ss|ua)_[0-9A-Fa-f]{32}\b/,
    maxLength: 40,
    triggers: ["shpat_", "shpca_", "shppa_", "shpss_", "shpua_"],
    found: [`shpat_${hex(32)}`, `X-Shopify-Access-Token: shpss_${hex(32).toUpperCase()}`],
    spared: [`shpat_${hex(31)}`, `shpxx_${hex(32)}`, "shpat_your-token"],
  },
  {
    name: "ghost-admin-key",
    class: "critical",
    pattern: /\b[0-9a-f]{24}:[0-9a-f]{64}\b/,
    maxLength: 91,
    triggers: { hexRun: 64 },
    found: [`${hex(24)}:${hex(64)}`, `"key":"${hex(24)}:${hex(64)}"`],
    spared: [hex(64), `sha256:${hex(64)}`, `${hex(23)}:${hex(64)}`, `${hex(24)}:${hex(60)}`],
  },
  {
    name: "medusa-secret-key",
    class: "critical",
    pattern: /\bsk_[0-9a-f]{64}\b/,
    maxLength: 69,
    triggers: { hexRun: 64 },
    found: [`sk_${hex(64)}`],
    spared: [`pk_${hex(64)}`, `sk_${hex(32)}`, `risk_${hex(64)}`],
  },
  {
    name: "stripe-secret-key",
    class: "critical",
    pattern: /\b[sr]k_live_[0-9A-Za-z]{24,120}\b/,
    maxLength: 130,
    triggers: ["sk_live_", "rk_live_"],
    found: [`sk_live_${mixed(24)}`, `rk_live_${mixed(99)}`],
    spared: [`pk_live_${mixed(24)}`, "sk_live_...", `sk_test_${mixed(24)}`],
  },
  {
    name: "webhook-secret",
    class: "critical",
    pattern: /\bwhsec_[A-Za-z0-9+/=]{24,100}(?![A-Za-z0-9+/=])/,
    maxLength: 108,
    triggers: ["whsec_"],
    found: [`whsec_${mixed(32)}`, `whsec_${mixed(43)}=`],
    spared: ["whsec_...", `whsec_${mixed(10)}`],
  },
  {
    name: "private-key",
    class: "critical",
    // With some of the key behind it: a text about keys shows the line alone.
    pattern: /-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----(?:\\[rn]|\s){0,8}[A-Za-z0-9+/=\\\n]{40}/,
    maxLength: 110,
    triggers: ["-----BEGIN "],
    found: [
      `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB`,
      `"-----BEGIN RSA PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB"`,
      `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAA`,
    ],
    spared: [
      "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
      "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Z3VS5JJcds3",
      "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Z3VS5JJcds3",
    ],
  },
  {
    name: "aws-secret-key",
    class: "critical",
    pattern: /secret_?access_?key["'\s:=\\]{1,8}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
    maxLength: 70,
    lead: 1,
    triggers: ["ecret_access_key", "ecretAccessKey", "ECRET_ACCESS_KEY"],
    found: [`aws_secret_access_key = ${mixed(36)}/+ab`, `"secretAccessKey":"${mixed(40)}"`],
    spared: ["secretAccessKey: process.env.KEY", `secretAccessKey: "${mixed(20)}"`],
  },
  {
    name: "github-token",
    class: "critical",
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})\b/,
    maxLength: 96,
    triggers: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    found: [`ghp_${mixed(36)}`, `github_pat_${mixed(22)}_${mixed(59)}`],
    spared: ["ghp_xxxx", `ghp_${mixed(30)}`],
  },
  {
    name: "gitlab-token",
    class: "critical",
    pattern: /\bglpat-[A-Za-z0-9_-]{20,64}(?![A-Za-z0-9_-])/,
    maxLength: 72,
    triggers: ["glpat-"],
    found: [`glpat-${mixed(20)}`],
    spared: ["glpat-", `glpat-${mixed(12)}`],
  },
  {
    name: "slack-token",
    class: "critical",
    pattern: /\bxox[abeprs]-[0-9A-Za-z-]{20,250}(?![0-9A-Za-z-])/,
    maxLength: 257,
    triggers: ["xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-"],
    found: [`xoxb-123456789012-123456789012-${mixed(24)}`],
    spared: ["xoxb-your-token", "xoxo-hugs-and-kisses-to-everybody-here"],
  },
  {
    name: "npm-token",
    class: "critical",
    pattern: /\bnpm_[A-Za-z0-9]{36}\b/,
    maxLength: 42,
    triggers: ["npm_"],
    found: [`npm_${mixed(36)}`],
    spared: ["npm_config_registry", `npm_${mixed(30)}`],
  },
  {
    name: "vault-token",
    class: "critical",
    pattern: /\bhvs\.[A-Za-z0-9_-]{24,200}(?![A-Za-z0-9_-])/,
    maxLength: 206,
    triggers: ["hvs."],
    found: [`hvs.${mixed(90)}`],
    spared: ["hvs.example", "this.hvs.length"],
  },
  {
    name: "model-api-key",
    class: "critical",
    pattern: /\bsk-(?:ant|proj|svcacct)-[A-Za-z0-9_-]{40,250}(?![A-Za-z0-9_-])/,
    maxLength: 264,
    triggers: ["sk-ant-", "sk-proj-", "sk-svcacct-"],
    found: [`sk-ant-api03-${mixed(93)}`, `sk-proj-${mixed(120)}`],
    spared: ["sk-proj-...", "task-project-board", "desk-anti-slip-mat"],
  },
];

/** Every format, by what it takes to know it. Sources: the vendors' own documentation and the usual scanners' rules. */
export const tokenFormats: readonly TokenFormat[] = [...ownFormats, ...contextFormats];
