import type { Exchange } from "./exchange.ts";

/** Both ends of a connection that was upgraded, as whoever judges its messages sees them. */
export interface Wire {
  /** Sends a message to the client. */
  toClient(text: string): void;
  /** Sends a message to the service; only once `connect` has settled. */
  toUpstream(text: string): void;
  /**
   * Opens the connection to the service, with the exchange's `upstreamRequest`. Not before the caller is known: a
   * stranger must not hold one there.
   * @throws HeadgateError `upstream-unreachable`, `upstream-open`
   */
  connect(): Promise<void>;
  /** Ends both connections; the client reads the code and the fixed words. */
  close(code: number, reason: string): void;
}

/** One connection, message by message and in order: the next one comes when the promise of the last has settled. */
export interface Conversation {
  fromClient(text: string): void | Promise<void>;
  fromUpstream(text: string): void | Promise<void>;
  /** About once a second: what has lasted too long is ended here. */
  tick(): void;
  /** The connection is gone. */
  end(): void;
}

/** Judges the messages of upgraded connections. */
export interface MessageJudge {
  /** The one subprotocol that is spoken (RFC 6455 section 1.9); a client that offers others only is refused. */
  readonly subprotocol: string;
  readonly maxMessageBytes: number;
  readonly maxEventBytes: number;
  readonly connectionsPerClient: number;
  /** Begins with a connection whose handshake every guard has let pass. */
  open(exchange: Exchange, wire: Wire): Conversation;
}
