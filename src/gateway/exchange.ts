import type {
  Client,
  Exchange,
  Note,
  Principal,
  RequestBody,
  RouteView,
  UpstreamRequest,
} from "../guards/contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { anonymous } from "../guards/contract/exchange.ts";
import { HeaderList } from "../lib/header-list.ts";
import type { ProblemId } from "../problem.ts";
import { buildUpstreamHeaders } from "./forward.ts";
import type { Incoming } from "./incoming.ts";
import type { RoutePlan } from "./plan.ts";

/** What was decided, by whom and why: the core of the exchange's event and of `explain`. */
export interface Decision {
  readonly guard: string;
  readonly outcome: "denied" | "answered" | "failed" | "would-have-denied";
  readonly problem: ProblemId | undefined;
  readonly reason: string;
}

/** Where in the policy and in canonical form the request stands. */
export interface Routed {
  readonly plan: RoutePlan;
  readonly path: string;
  readonly query: string;
  readonly queryPairs: Exchange["query"];
  readonly params: Exchange["params"];
}

const none: Exchange["query"] = [];

/** One request on its way through the gateway. Everything that most requests never need is made on first use. */
export class GatewayExchange implements Exchange {
  readonly id: string;
  readonly startedAt: number;
  readonly method: string;
  readonly path: string;
  readonly query: Exchange["query"];
  readonly claimedQuery: Exchange["query"];
  readonly params: Exchange["params"];
  readonly client: Client;
  readonly plan: RoutePlan;
  readonly incoming: Incoming;
  principal: Principal = anonymous;
  response: GatewayResponse = unanswered();
  parsedBody: unknown = undefined;
  /** What ended the request's way, if anything did. */
  decision: Decision | undefined = undefined;
  /** What report-only guards would have denied. */
  readonly reports: Decision[] = [];
  readonly notes: Note[] = [];
  readonly #queryText: string;
  readonly #publicHost: string;
  #upstreamRequest: UpstreamRequest | undefined;
  #endings: (() => void)[] | undefined;
  #abort: AbortController | undefined;
  #ended = false;

  constructor(incoming: Incoming, routed: Routed, identity: { id: string; startedAt: number; publicHost: string }) {
    this.id = identity.id;
    this.startedAt = identity.startedAt;
    this.method = incoming.method;
    this.path = routed.path;
    this.claimedQuery = routed.plan.claims.length === 0 ? none : takeClaimed(routed);
    this.query =
      this.claimedQuery.length === 0
        ? routed.queryPairs
        : routed.queryPairs.filter((pair) => !this.claimedQuery.includes(pair));
    this.params = routed.params;
    this.client = incoming.client;
    this.plan = routed.plan;
    this.incoming = incoming;
    this.#queryText = routed.query;
    this.#publicHost = identity.publicHost;
  }

  get route(): RouteView {
    return this.plan.view;
  }

  get body(): RequestBody {
    return this.incoming.body;
  }

  get upstreamRequest(): UpstreamRequest {
    return (this.#upstreamRequest ??= {
      method: this.method,
      path: this.path,
      query: this.#queryText,
      headers: buildUpstreamHeaders(this.incoming, this.plan.passes, {
        requestId: this.id,
        publicHost: this.#publicHost,
      }),
      body: undefined,
    });
  }

  get abort(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#ended) this.#abort.abort();
    return this.#abort.signal;
  }

  header(name: string): string | undefined {
    const { flat } = this.incoming.headers;
    let first: string | undefined;
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] !== name) continue;
      if (first !== undefined) return this.incoming.headers.getAll(name).join(name === "cookie" ? "; " : ", ");
      first = flat[at + 1];
    }
    return first;
  }

  note(note: Note): void {
    this.notes.push(note);
  }

  onEnd(callback: () => void): void {
    if (this.#ended) callback();
    else (this.#endings ??= []).push(callback);
  }

  /** The response is out, or the client is gone: whatever still waits for this exchange is let go. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#abort?.abort();
    for (const callback of this.#endings ?? []) callback();
  }
}

function takeClaimed({ path, plan, queryPairs }: Routed): Exchange["query"] {
  return queryPairs.filter(([name]) => plan.claims.some(({ query }) => query(name, path)));
}

function unanswered(): GatewayResponse {
  return { status: 500, headers: new HeaderList(), body: null, origin: "gateway" };
}
