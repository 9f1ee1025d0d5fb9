/**
 * Names of members that no answer may carry, whatever a schema says: credentials and what resets them. Backends leak them
 * through relations and raw rows long after the form that needed them was closed.
 */
const names = [
  "password",
  "passwd",
  "passwordHash",
  "hashedPassword",
  "passwordSalt",
  "passwordDigest",
  "resetPasswordToken",
  "passwordResetToken",
  "resetToken",
  "registrationToken",
  "confirmationToken",
  "activationToken",
  "twoFactorSecret",
  "totpSecret",
  "otpSecret",
  "recoveryCodes",
  "clientSecret",
  "apiSecret",
  "privateKey",
  "secretKey",
] as const;

/** A set of member names, compared without regard to case and separators. */
export interface ForbiddenNames {
  has(name: string): boolean;
  /** Whether the text of a JSON document may hold such a member: false is certain, true has to be looked at. */
  mayStandIn(text: string): boolean;
}

/** The built-in names, with more added and some taken out. */
export function forbidNames(more: readonly string[], except: readonly string[]): ForbiddenNames {
  const excepted = new Set(except.map(fold));
  const folded = new Set([...names, ...more].map(fold).filter((name) => !excepted.has(name)));
  const spelled = [...folded].map((name) => [...name].join("[_.-]?")).join("|");
  // An escaped letter in a key would hide it from the pattern; such documents are looked at member by member.
  const pattern = new RegExp(`"(?:${spelled})"|\\\\u00`, "i");
  return {
    has: (name) => folded.has(fold(name)),
    mayStandIn: (text) => folded.size > 0 && pattern.test(text),
  };
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Takes members of those names out of a value, in place, at any depth; says how many. */
export function removeMembers(value: unknown, forbidden: ForbiddenNames): number {
  let removed = 0;
  const waiting: unknown[] = [value];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    if (typeof current !== "object" || current === null) continue;
    if (Array.isArray(current)) {
      waiting.push(...current.filter((element) => typeof element === "object" && element !== null));
      continue;
    }
    for (const [key, member] of Object.entries(current)) {
      if (forbidden.has(key)) {
        delete (current as Record<string, unknown>)[key];
        removed += 1;
      } else if (typeof member === "object" && member !== null) waiting.push(member);
    }
  }
  return removed;
}
