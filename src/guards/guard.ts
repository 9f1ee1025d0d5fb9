import type { z } from "zod";
import type { ByteDecoder } from "../lib/byte-decoder.ts";
import type { Clock } from "../lib/clock.ts";
import type { Body, GatewayResponse } from "../lib/gateway-response.ts";
import type { HeaderList } from "../lib/header-list.ts";
import type { ProblemField, ProblemId } from "../problem.ts";
import type { Limiter } from "../lib/limit.ts";
import type { Sanitizer } from "../lib/sanitizer.ts";
import type { GraphqlParser } from "../lib/graphql/ast.ts";
import type { MessageJudge } from "./messages.ts";
import type { RefusalForm } from "./refusal-form.ts";

/**
 * The stages of an exchange, outermost first. Request guards run from first to last; response guards run from last to
 * first, on every response, whoever made it: so CORS and security headers stand on denials and failures too.
 */
export const stages = [
  "headers",
  "cors",
  "traffic",
  "identity",
  "quota",
  "access",
  "parameters",
  "content",
  "upstream",
] as const;
export type Stage = (typeof stages)[number];

/** The guard has nothing against it. */
export const PASS = { kind: "pass" } as const;

/** The guard refuses. `reason` goes to the event log under the request's id; the client sees the problem only. */
export interface Denial {
  readonly kind: "deny";
  readonly problem: ProblemId;
  readonly reason: string;
  /** Flat response headers that belong to the refusal: `WWW-Authenticate`, `Retry-After`, `Allow`. */
  readonly headers?: readonly string[];
  readonly fields?: readonly ProblemField[];
  /** Another status than the problem's own, where an upstream's status is kept. */
  readonly status?: number;
}

/** The guard answers itself, without an upstream: a preflight, for one. */
export interface Answer {
  readonly kind: "respond";
  readonly response: GatewayResponse;
  readonly reason: string;
}

export type Verdict = typeof PASS | Denial | Answer;

/** Builds a denial. */
export function deny(
  problem: ProblemId,
  reason: string,
  more: Omit<Denial, "kind" | "problem" | "reason"> = {},
): Denial {
  return { kind: "deny", problem, reason, ...more };
}

export type { Body, GatewayResponse };

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

/** What a guard may use of the world: injected, so that guards stay pure and testable. */
export interface GuardEnv {
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly identity: Authenticator;
  readonly route: RouteView;
  /** Where the options stand: at the top, for every route that inherits them together, or on this route alone. */
  readonly declaredOn: "policy" | "route";
  /** The public origin of the site. */
  readonly site: string;
  /** Where on it browsers report, and the script that does; undefined where they are not asked to. */
  readonly reports: { readonly path: string; readonly client: string } | undefined;
  /** How late the event loop runs, in milliseconds: the 99th percentile of the last moments. */
  eventLoopDelay(): number;
  /** So many bytes that nobody can guess. */
  random(length: number): Uint8Array;
  /**
   * The text of a file that the policy names, relative to the policy's own folder. It was read when the policy was
   * loaded; a change to it is a change of the policy. To be called in `create` only.
   * @throws Error saying which file and why
   */
  file(path: string): string;
  readonly sanitizer: Sanitizer;
  readonly secrets: KnownSecrets;
  /** A decoder for the content coding of that name; undefined for codings that nobody here knows. */
  decoder(coding: string): ByteDecoder | undefined;
  /**
   * Whether what the guard says counts. The flow sees to it for verdicts; only a guard that judges what is already on its
   * way to the client has to know.
   */
  readonly mode: "enforce" | "report";
  /** How the route speaks: calls and answers, answers that stream, or messages in both directions. */
  readonly protocol: "http" | "events" | "websocket";
  /**
   * The parser of the package `graphql`, which nobody loads but a guard that asks for it, in `create`.
   * @throws Error saying that the package is missing
   */
  graphql(): GraphqlParser;
}

/** The secret values that the gateway knows, for guards that look for them without ever seeing one. */
export interface KnownSecrets {
  /** The name of the first secret whose value stands in the text, in any usual encoding; undefined where none does. */
  find(text: string): string | undefined;
  /** The same for bytes of UTF-8, or of any encoding that writes ASCII as ASCII does. */
  findIn(bytes: Uint8Array): string | undefined;
  /** How many bytes at the end may be the beginning of a value: whoever passes a stream on keeps them back. */
  beginningAtEnd(bytes: Uint8Array): number;
  /** The length of the longest form: whoever looks at a stream keeps one less of it between two parts. */
  readonly maxFormLength: number;
}

/** What is known where there are no secrets. */
export const noSecrets: KnownSecrets = {
  find: () => undefined,
  findIn: () => undefined,
  beginningAtEnd: () => 0,
  maxFormLength: 0,
};

/** Where a caller's proof stands: in headers, of a whole request or of what a message says in place of them. */
export type Credentials = Pick<Exchange, "header"> & Partial<Pick<Exchange, "method" | "upstreamRequest">>;

/** Finds out who calls. Implemented by the identity room. */
export interface Authenticator {
  /** Anonymous where no credential stands in the headers; a denial where one was sent and is not good. */
  authenticate(request: Credentials): Principal | Denial | Promise<Principal | Denial>;
  /** The `WWW-Authenticate` challenge for callers without a credential. */
  readonly challenge: string;
}

/** What of a request one guard judges alone: it passes although nothing else declares it. */
export interface Claims {
  /** Request headers that go upstream, by lower-case name. */
  readonly headers: readonly string[];
  /** Whether a query key on that path is the guard's own: no other guard sees it. */
  query(name: string, path: string): boolean;
  /**
   * The page whose data stands at these segments, in another spelling of its path; undefined for every other path. The
   * request then stands under the rules of the page's route, and goes upstream as it came.
   */
  readonly pageOf: ((segments: readonly string[]) => readonly string[] | undefined) | undefined;
}

export interface GuardHooks {
  readonly claims?: Claims;
  /** Whether the response half reads bodies, so that they have to arrive without a content coding. */
  readonly decodes?: boolean;
  /** How refusals of the route look, whoever refuses, where its clients look for them in a form of their own. */
  readonly refusal?: RefusalForm;
  /** Who judges the messages of a connection that was upgraded; without one they are carried unread. */
  readonly messages?: MessageJudge;
  request?(exchange: Exchange): Verdict | Promise<Verdict>;
  response?(exchange: Exchange): Verdict | undefined | void | Promise<Verdict | undefined | void>;
}

/** One kind of protection: a policy key, its options, and what it does at its stage. */
export interface Guard<
  Key extends string = string,
  Options extends z.ZodType = z.ZodType,
  List extends boolean = boolean,
> {
  /** kebab-case; the file's name, the metric label, the docs anchor. */
  readonly name: string;
  /** The policy key, camelCase; it may stand on a route and, as the default of all routes, at the top. */
  readonly key: Key;
  /** One sentence for the reference docs. */
  readonly summary: string;
  /** Ids of the controls that it enforces. */
  readonly controls: readonly string[];
  /** The schema of the policy key: type, default and documentation at once. */
  readonly options: Options;
  /** `always`: on every route, with default options where the policy is silent. */
  readonly applies: "always" | "declared";
  /** Whether the key also takes a list, of which each element becomes a guard of its own. */
  readonly list: List;
  /** Keys of guards that stand back where this one is declared, since it judges the same in its own way. */
  readonly replaces?: readonly string[];
  /** Where in the flow these options take effect. */
  stage(options: z.output<Options>): Stage;
  /** Called once per route and element when the plan is built, never during an exchange. */
  create(options: z.output<Options>, env: GuardEnv): GuardHooks;
  /** What these options mean, in words, for `explain` and the reports. */
  describe?(options: z.output<Options>): string;
}

/** What a guard's author writes; `list` is false unless said. */
type GuardSpec<Key extends string, Options extends z.ZodType, List extends boolean> = Omit<
  Guard<Key, Options, List>,
  "list"
> & {
  readonly list?: List;
};

/** Declares a guard; keeps its key and option types for the policy's own type. */
export function defineGuard<const Key extends string, Options extends z.ZodType, const List extends boolean = false>(
  guard: GuardSpec<Key, Options, List>,
): Guard<Key, Options, List> {
  return { list: false as List, ...guard };
}
