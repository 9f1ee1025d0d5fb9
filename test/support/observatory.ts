/**
 * The score that MDN's HTTP Observatory gives to the answer of a page, by its published modifiers
 * (https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring). Written for answers that are at hand: the
 * Observatory itself scans public sites only. Where a site can lose points in more than one way, the worst one counts.
 */

export interface Scored {
  readonly score: number;
  readonly grade: string;
  /** Modifiers by test. */
  readonly modifiers: Readonly<Record<string, number>>;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Scores one page. Bonuses count only from 90 points on, as there. */
export function scorePage(headers: Headers, body: string): Scored {
  const of = (name: string) => [headers[name] ?? []].flat().join(", ");
  const modifiers = {
    "content-security-policy": scoreCsp(of("content-security-policy")),
    cookies: scoreCookies([headers["set-cookie"] ?? []].flat()),
    "cross-origin-resource-sharing": of("access-control-allow-origin") === "*" ? -50 : 0,
    redirection: 0,
    "referrer-policy": scoreReferrer(of("referrer-policy")),
    "strict-transport-security": scoreHsts(of("strict-transport-security")),
    "subresource-integrity": /<script[^>]+src=["']?(?:https?:)?\/\//i.test(body) ? -5 : 0,
    "x-content-type-options": /^nosniff$/i.test(of("x-content-type-options")) ? 0 : -5,
    "x-frame-options": scoreFraming(of("x-frame-options"), of("content-security-policy")),
    "cross-origin-resource-policy": /^same-(?:origin|site)$/.test(of("cross-origin-resource-policy")) ? 10 : 0,
  };
  const values = Object.values(modifiers);
  const withoutBonus = values.filter((value) => value < 0).reduce((sum, value) => sum + value, 100);
  const bonus = values.filter((value) => value > 0).reduce((sum, value) => sum + value, 0);
  const score = Math.max(0, withoutBonus >= 90 ? withoutBonus + bonus : withoutBonus);
  return { score, grade: gradeOf(score), modifiers };
}

function scoreCsp(policy: string): number {
  if (policy === "") return -25;
  const directives = new Map(
    policy.split(";").map((one): [string, string[]] => {
      const [name = "", ...sources] = one.trim().split(/\s+/);
      return [name, sources];
    }),
  );
  const scripts = directives.get("script-src") ?? directives.get("default-src") ?? ["*"];
  const styles = directives.get("style-src") ?? directives.get("default-src") ?? ["*"];
  const trustsSome = scripts.some((source) => /^'(?:nonce|sha\d+)-/.test(source));
  const isOpen = (sources: readonly string[]) => sources.some((source) => /^(?:\*|https?:|data:)$/.test(source));
  if (isOpen(scripts) || isOpen(directives.get("object-src") ?? directives.get("default-src") ?? ["*"])) return -20;
  if (scripts.includes("'unsafe-inline'") && !trustsSome) return -20;
  if (scripts.includes("'unsafe-eval'")) return -10;
  if (/\bhttp:\/\//.test(scripts.join(" "))) return -10;
  if (styles.includes("'unsafe-inline'")) return 0;
  return directives.get("default-src")?.join() === "'none'" ? 10 : 5;
}

function scoreCookies(cookies: readonly string[]): number {
  if (cookies.some((cookie) => !/;\s*secure/i.test(cookie))) return -20;
  return cookies.some((cookie) => !/;\s*httponly/i.test(cookie)) ? -10 : 0;
}

function scoreReferrer(policy: string): number {
  if (/unsafe-url|^origin(?:-when-cross-origin)?$|no-referrer-when-downgrade/.test(policy)) return -5;
  return policy === "" ? 0 : 5;
}

function scoreHsts(value: string): number {
  const seconds = Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0);
  if (value === "") return -20;
  return seconds < 15_768_000 ? -10 : 0;
}

function scoreFraming(value: string, policy: string): number {
  if (/frame-ancestors '(?:none|self)'/.test(policy)) return 5;
  return /^(?:deny|sameorigin)$/i.test(value) ? 0 : -20;
}

function gradeOf(score: number): string {
  const grades: readonly (readonly [from: number, grade: string])[] = [
    ...([
      [100, "A+"],
      [90, "A"],
      [85, "A-"],
      [80, "B+"],
      [70, "B"],
      [65, "B-"],
      [60, "C+"],
      [50, "C"],
    ] as const),
    ...([
      [45, "C-"],
      [40, "D+"],
      [30, "D"],
      [25, "D-"],
    ] as const),
  ];
  return grades.find(([from]) => score >= from)?.[1] ?? "F";
}
