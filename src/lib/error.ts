/** The closed list of what can go wrong inside; narrow on the code, never on the message. */
export type HeadgateErrorCode =
  | "policy-invalid"
  | "policy-not-found"
  | "policy-not-loadable"
  | "port-taken"
  | "certificate-unreadable"
  | "secret-unresolved"
  | "reference-invalid"
  | "keys-unreachable"
  | "body-too-large"
  | "body-timeout"
  | "body-aborted"
  | "body-undecodable"
  | "upstream-unreachable"
  | "upstream-timeout"
  | "upstream-aborted"
  | "upstream-too-large"
  | "upstream-unexpected"
  | "upstream-open"
  | "content-refused"
  | "sanitizer-unavailable"
  | "usage";

/** The one error class of Headgate: a stable code, a message for operators, the cause. It never reaches a client. */
export class HeadgateError extends Error {
  readonly code: HeadgateErrorCode;

  constructor(code: HeadgateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HeadgateError";
    this.code = code;
  }
}
