/** One kind of refusal or failure that a client may be told of. */
export interface ProblemType {
  readonly status: number;
  readonly title: string;
}

/**
 * Every problem that Headgate ever answers with (RFC 9457). Titles are fixed texts: nothing of the request, the policy
 * or the upstream is ever part of them.
 */
export const problemTypes = {
  "malformed-request": { status: 400, title: "The request is malformed." },
  "ambiguous-request": { status: 400, title: "The request can be read in more than one way." },
  "path-not-canonical": { status: 400, title: "The path or query is not in canonical form." },
  "invalid-path": { status: 400, title: "A path parameter is not valid." },
  "invalid-query": { status: 400, title: "The query is not valid." },
  "invalid-headers": { status: 400, title: "A request header is not valid." },
  "malformed-body": { status: 400, title: "The request body cannot be parsed." },
  "input-refused": { status: 400, title: "A value of the request is refused." },
  "invalid-operation": { status: 400, title: "The operation is not valid." },
  "operation-too-large": { status: 400, title: "The operation asks for too much." },
  "sign-in-refused": { status: 400, title: "The sign-in could not be finished. Please try again." },
  "upgrade-refused": { status: 400, title: "This connection cannot be upgraded here." },
  unauthenticated: { status: 401, title: "Authentication is required." },
  "login-failed": { status: 401, title: "The login failed." },
  "invalid-token": { status: 401, title: "The access token is not valid." },
  "login-required": { status: 401, title: "A more recent or a stronger login is required." },
  "access-denied": { status: 403, title: "Access is denied." },
  "insufficient-scope": { status: 403, title: "The access token does not carry the scope that is needed." },
  "operation-not-permitted": { status: 403, title: "The operation is not among those that are permitted." },
  "origin-not-allowed": { status: 403, title: "This origin is not allowed." },
  "https-required": { status: 403, title: "HTTPS is required." },
  "not-found": { status: 404, title: "Nothing is here." },
  "method-not-allowed": { status: 405, title: "The method is not allowed here." },
  "request-timeout": { status: 408, title: "The request did not arrive in time." },
  "body-too-large": { status: 413, title: "The request body is too large." },
  "uri-too-long": { status: 414, title: "The request target is too long." },
  "unsupported-media-type": { status: 415, title: "The content type is not accepted here." },
  "expectation-failed": { status: 417, title: "The expectation cannot be met." },
  "misdirected-request": { status: 421, title: "This host is not served here." },
  "invalid-body": { status: 422, title: "The request body is not valid." },
  "rate-limited": { status: 429, title: "Too many requests." },
  "queue-full": { status: 429, title: "Too many requests are waiting." },
  "too-many-in-flight": { status: 429, title: "Too many requests are in flight." },
  "headers-too-large": { status: 431, title: "The request headers are too large." },
  "internal-error": { status: 500, title: "Something went wrong." },
  "not-implemented": { status: 501, title: "The method is not known." },
  "upstream-failed": { status: 502, title: "The service behind could not answer." },
  "response-refused": { status: 502, title: "The answer of the service behind was refused." },
  overloaded: { status: 503, title: "The service is overloaded." },
  "upstream-unavailable": { status: 503, title: "The service behind is not available." },
  "upstream-timeout": { status: 504, title: "The service behind did not answer in time." },
} as const satisfies Record<string, ProblemType>;

/** The stable name of a problem. */
export type ProblemId = keyof typeof problemTypes;

/** Where in the input a value was refused: a JSON pointer (RFC 6901) and a word for what is wrong, never the value. */
export interface ProblemField {
  readonly pointer: string;
  readonly reason: string;
}

/** What one refusal tells: what a problem document holds, whichever form it is written in. */
export interface Refusal {
  readonly problem: ProblemId;
  readonly status: number;
  readonly requestId: string;
  readonly fields?: readonly ProblemField[] | undefined;
}

/** The content type of every refusal (RFC 9457 section 3). */
export const problemContentType = "application/problem+json";

/** The `type` member of a problem: a URN, since it has to stay the same whoever hosts the documentation. */
export function problemTypeUri(id: ProblemId): string {
  return `urn:headgate:problem:${id}`;
}

/**
 * The JSON text of a problem document. `requestId` becomes `instance`, so that a person who reports the answer names the
 * log line; `fields` says which declared fields were refused; `status` is given where an upstream's own is kept.
 */
export function toProblemJson(
  id: ProblemId,
  requestId: string,
  fields?: readonly ProblemField[],
  status: number = problemTypes[id].status,
): string {
  const { title } = problemTypes[id];
  return JSON.stringify({
    type: problemTypeUri(id),
    title,
    status,
    instance: `urn:uuid:${requestId}`,
    ...(fields && fields.length > 0 ? { errors: fields } : {}),
  });
}

/**
 * The problem that stands for a bare status code, for an upstream's error whose body is withheld. The answer keeps the
 * upstream's own status; where no problem has it, the general one of its class speaks.
 */
export function problemForStatus(status: number): ProblemId {
  for (const [id, type] of Object.entries(problemTypes)) if (type.status === status) return id as ProblemId;
  return status >= 500 ? "upstream-failed" : "malformed-request";
}
