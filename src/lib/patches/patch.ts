import type { GatewayResponse } from "../gateway-response.ts";
import type { HeaderList } from "../header-list.ts";
import type { ImageRules } from "./image-optimizer.ts";
import type { Pair } from "../pairs.ts";
import type { ProblemId } from "../../problem.ts";

/** What a patch sees of a request; an exchange is one. */
export interface PatchedRequest {
  readonly method: string;
  /** Canonical path, percent-encoded. */
  readonly path: string;
  /** Decoded query pairs that the route's own rules judge. */
  readonly query: readonly Pair[];
  /** Decoded query pairs that the framework's client adds: the patches alone judge them. */
  readonly claimedQuery: readonly Pair[];
  readonly route: { readonly page: boolean; readonly pattern: string };
  readonly body: { readonly present: boolean; limit(maxBytes: number): void; read(): Promise<Uint8Array> };
  readonly upstreamRequest: { query: string; readonly headers: HeaderList; body: Uint8Array | undefined };
  header(name: string): string | undefined;
}

/** Why a patch refuses: the problem that the client sees and the reason for the log. */
export interface Refusal {
  readonly problem: ProblemId;
  readonly reason: string;
}

/** What the policy says of the site, as far as patches need it. */
export interface PatchContext {
  /** The public origin. */
  readonly site: string;
  readonly images: ImageRules;
  /** Ids of the server actions of the build; undefined where the policy allows none. */
  readonly actions: ReadonlySet<string> | undefined;
  /** The largest body of a server action, in bytes. */
  readonly maxActionBytes: number;
  /** Names of islands or functions that may be called by their own address. */
  readonly components: ReadonlySet<string>;
  /** Bytes that nobody can guess. */
  random(length: number): Uint8Array;
}

type Judgement = Refusal | undefined;

/** One virtual patch: what stops attacks on known holes of a framework before they reach it. */
export interface Patch {
  /** kebab-case, beginning with the framework's name. */
  readonly id: string;
  /** The holes that it closes, as `CVE-2025-29927`; empty for a hole that is one by design. */
  readonly cves: readonly string[];
  /** When it was last looked at, as `2026-11-27`. */
  readonly date: string;
  /** What it stops, as a sentence. */
  readonly stops: string;
  /** What of the gateway does it for every route, where no judge of its own is needed. */
  readonly by?: string;
  /** Refuses a request, or changes what goes upstream. */
  request?(request: PatchedRequest, context: PatchContext): Judgement | Promise<Judgement>;
  /** Changes what goes back. */
  response?(response: GatewayResponse, request: PatchedRequest): void;
}

/** A framework with its patches and with what its own client sends. */
export interface Framework {
  readonly name: string;
  readonly title: string;
  /** Until when advisories of the framework were read. */
  readonly reviewedUntil: string;
  /** Request headers of its client that go upstream, by lower-case name, and how their values look. */
  readonly headers: Readonly<Record<string, RegExp>>;
  /** Query keys of its client, and how their values look; where they are the framework's own on some paths only. */
  claims?(name: string, path: string): RegExp | undefined;
  /** The page of which a path is the data in another spelling, as decoded segments; undefined for every other path. */
  pageOf?(segments: readonly string[]): readonly string[] | undefined;
  readonly patches: readonly Patch[];
}
