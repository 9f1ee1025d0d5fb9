import type { HeaderList } from "./header-list.ts";

/** A body is whole (bytes), a stream of bytes, or absent. */
export type Body = Uint8Array | AsyncIterable<Uint8Array> | null;

/** What goes back to the client; response guards change it in place. */
export interface GatewayResponse {
  status: number;
  headers: HeaderList;
  body: Body;
  /** Who made it: the upstream, or the gateway itself (a denial, a failure, a preflight). */
  readonly origin: "upstream" | "gateway";
}
