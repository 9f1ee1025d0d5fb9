import type { GatewayResponse } from "../../lib/gateway-response.ts";
import type { HeaderList } from "../../lib/header-list.ts";

/** Who calls, as far as it was proven. */
export type Principal =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "token";
      readonly issuer: string;
      readonly subject: string;
      readonly scopes: ReadonlySet<string>;
      readonly roles: ReadonlySet<string>;
      readonly claims: Readonly<Record<string, unknown>>;
      /** The name of the session, where it was proven by one and not by a token of the caller's own. */
      readonly session?: string;
    };

export const anonymous: Principal = { kind: "anonymous" };

/** Something worth an event that is not the verdict itself: an element withheld, a header overwritten. */
export interface Note {
  readonly guard: string;
  /** `noun.past-verb`. */
  readonly event: string;
  readonly reason: string;
  readonly count?: number;
  /** Particulars by camelCase name, for programs that read the log; bounded and free of control characters. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** The client's end of the connection, after trusted proxies were taken into account. */
export interface Client {
  /** The address as text, for logs. */
  readonly address: string;
  /** The address as limits count it: IPv4 whole, IPv6 by /64. */
  readonly key: string;
}

/** The route as guards see it. */
export interface RouteView {
  /** `METHOD /pattern`: the route's name in logs, metrics and `explain`. */
  readonly id: string;
  readonly pattern: string;
  readonly methods: readonly string[];
  /** Whether it serves documents to a browser's address bar, not data to scripts. */
  readonly page: boolean;
  /** Whether files of a directory answer: the same bytes for everybody, known when the site was built. */
  readonly files: boolean;
}

/** The request body, read at most once and at most so many bytes. */
export interface RequestBody {
  /** Whether the request announces a body (RFC 9112 section 6.3). */
  readonly present: boolean;
  /** The length the client announced, if it did. */
  readonly declaredLength: number | undefined;
  /** Sets the most bytes (on the wire and after decoding) in place of the transport's default; before any read. */
  limit(maxBytes: number): void;
  /**
   * The whole body, content coding removed.
   * @throws HeadgateError `body-too-large`, `body-timeout`, `body-aborted`, `body-undecodable`
   */
  read(): Promise<Uint8Array>;
  /**
   * The body as it comes, for passing on without holding it: content coding untouched, the limit counted on the wire.
   * Fails with the same errors as `read`.
   */
  stream(): AsyncIterable<Uint8Array>;
}

/** What goes upstream: the only thing of a request that a guard may write. */
export interface UpstreamRequest {
  method: string;
  /** Canonical path, percent-encoded, without a query. */
  path: string;
  /** Canonical query, without the question mark; empty for none. */
  query: string;
  headers: HeaderList;
  /** Bytes to send in place of the client's body; `undefined` passes the client's body through. */
  body: Uint8Array | undefined;
}

/** One request and its response, as guards see them. */
export interface Exchange {
  /** UUID; given to the client as `X-Request-Id` and to the upstream likewise. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly method: string;
  /** Canonical path, percent-encoded: the form that was matched and the form that is forwarded. */
  readonly path: string;
  /** Decoded query pairs in order. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Decoded query pairs that a guard of the route claims; they are not among those of `query`. */
  readonly claimedQuery: readonly (readonly [name: string, value: string])[];
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly client: Client;
  readonly route: RouteView;
  /** Request header by lower-case name; fields that may repeat are joined with a comma. */
  header(name: string): string | undefined;
  readonly body: RequestBody;
  readonly upstreamRequest: UpstreamRequest;
  principal: Principal;
  response: GatewayResponse;
  /** The parsed body, once a guard has judged it; what the upstream gets is this value, written out again. */
  parsedBody: unknown;
  note(note: Note): void;
  /** Runs when the response is finished or the client is gone: once, whatever happens. */
  onEnd(callback: () => void): void;
  /** Fires when the client goes away. */
  readonly abort: AbortSignal;
}
