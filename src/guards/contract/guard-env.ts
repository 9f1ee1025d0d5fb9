import type { ByteDecoder } from "../../lib/byte-decoder.ts";
import type { Clock } from "../../lib/clock.ts";
import type { GraphqlParser } from "../../lib/graphql/ast.ts";
import type { Limiter } from "../../lib/limit.ts";
import type { Sanitizer } from "../../lib/sanitizer.ts";
import type { Exchange, Principal, RouteView } from "./exchange.ts";
import type { Denial } from "./verdict.ts";

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
