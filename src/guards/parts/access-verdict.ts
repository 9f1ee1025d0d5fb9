import type { LoginNeed } from "../../lib/access.ts";
import { deny, PASS, type Verdict } from "../contract/verdict.ts";
import type { AccessResult } from "../../lib/evaluate-access.ts";

/** The verdict that an access result is, with the challenge that tells the caller what would help. */
export function toAccessVerdict(result: AccessResult, denyAs: 403 | 404, challenge: string): Verdict {
  if (result.allowed) return PASS;
  if (result.problem === "unauthenticated") {
    return deny("unauthenticated", result.reason, { headers: ["www-authenticate", challenge] });
  }
  if (result.problem === "login-required") {
    return deny("login-required", result.reason, {
      headers: ["www-authenticate", loginChallenge(challenge, result.login)],
    });
  }
  if (denyAs === 404) return deny("not-found", result.reason);
  return deny(result.problem, result.reason);
}

/** Tells what to ask of the next sign-in (RFC 9470 section 3). */
function loginChallenge(challenge: string, { acr, maxAgeSeconds }: LoginNeed = {}): string {
  return [
    challenge,
    'error="insufficient_user_authentication"',
    ...(acr === undefined ? [] : [`acr_values="${acr.join(" ")}"`]),
    ...(maxAgeSeconds === undefined ? [] : [`max_age="${maxAgeSeconds}"`]),
  ].join(", ");
}
