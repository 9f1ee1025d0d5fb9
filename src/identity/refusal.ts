/** Why a token is not accepted. */
export interface Refusal {
  readonly kind: "refused";
  /** `keys-unreachable`: the token may be good, but nobody can tell; the fault is not the client's. */
  readonly cause: "invalid" | "expired" | "keys-unreachable";
  /** For the event log; it never contains the token. */
  readonly reason: string;
}

/** Builds a refusal. */
export function refuse(reason: string, cause: Refusal["cause"] = "invalid"): Refusal {
  return { kind: "refused", cause, reason };
}

/** A value out of a token, fit for a log line: quoted, escaped and of bounded length. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
