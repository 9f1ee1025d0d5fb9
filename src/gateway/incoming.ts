import type { Client, RequestBody } from "../guards/contract/exchange.ts";
import type { Denial } from "../guards/contract/verdict.ts";
import type { HeaderList } from "../lib/header-list.ts";

/** A request as a transport hands it to the gateway: syntactically sound, nothing judged yet. */
export interface Incoming {
  readonly method: string;
  /** The request target exactly as it was received. */
  readonly target: string;
  /** Lower-case names, order and repetitions as received. */
  readonly headers: HeaderList;
  readonly body: RequestBody;
  readonly client: Client;
  /** Whether it came over TLS, here or at a trusted proxy. */
  readonly secure: boolean;
  /** The protocol that the client wants to switch to, if any. */
  readonly upgrade: string | undefined;
  /** The transport itself found the request unacceptable; it is only answered, never routed. */
  readonly refusal: Denial | undefined;
}
