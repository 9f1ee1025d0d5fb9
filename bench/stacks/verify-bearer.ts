import { createLocalJWKSet, jwtVerify } from "jose";
import { AUDIENCE, ISSUER } from "../common-policy.ts";
import { readJwks } from "./setting.ts";

const keys = createLocalJWKSet(readJwks());
const expectations = { issuer: ISSUER, audience: AUDIENCE, algorithms: ["ES256"], requiredClaims: ["sub", "exp"] };

/** Verifies an `Authorization` value with jose and returns the subject, or undefined if nobody is proven. */
export async function verifyBearer(authorization: string | undefined): Promise<string | undefined> {
  if (!authorization?.startsWith("Bearer ")) return undefined;
  try {
    const { payload } = await jwtVerify(authorization.slice("Bearer ".length), keys, expectations);
    return payload.sub;
  } catch {
    return undefined;
  }
}
