import { deny, PASS, type Verdict } from "./guard.ts";
import type { AccessResult } from "../lib/evaluate-access.ts";

/** The verdict that an access result is, with the challenge that tells the caller what would help. */
export function toAccessVerdict(result: AccessResult, denyAs: 403 | 404, challenge: string): Verdict {
  if (result.allowed) return PASS;
  if (result.problem === "unauthenticated") {
    return deny("unauthenticated", result.reason, { headers: ["www-authenticate", challenge] });
  }
  if (denyAs === 404) return deny("not-found", result.reason);
  return deny(result.problem, result.reason);
}
