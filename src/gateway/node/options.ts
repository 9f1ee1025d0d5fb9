import type { Cidr } from "../../lib/ip.ts";
import type { ParsedPolicy } from "../../policy/schema.ts";

/** The limits of the transport, as the policy sets them. */
export type TransportLimits = ParsedPolicy["transport"];

/** What the transport reads from the policy in force; it changes with a reload. */
export interface TransportOptions {
  readonly limits: TransportLimits;
  readonly trustedProxies: readonly Cidr[];
}
