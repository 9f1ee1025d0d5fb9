import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Gateway } from "../gateway.ts";
import type { TlsFiles } from "../tls.ts";
import { type Carrier, type CarrierOptions, createCarrier } from "./carrier.ts";
import { answerClientError } from "./client-error.ts";
import { createConnections } from "./connections.ts";
import type { Arrival } from "./request.ts";
import { bind, createPlainServer, createTlsServer } from "./servers.ts";
import { createStallWatch } from "./stall-watch.ts";

/** Where to listen, and what the exchanges need. */
export interface ListenOptions extends Omit<CarrierOptions, "watch"> {
  readonly host: string;
  readonly https: number | false;
  readonly http: number | false;
  readonly tls: TlsFiles | undefined;
}

/** Open ports. */
export interface Listener {
  readonly httpsPort: number | undefined;
  readonly httpPort: number | undefined;
  /** Stops taking connections, lets calls in flight finish, and cuts what is left after the drain timeout. */
  drain(): Promise<void>;
}

/**
 * Opens the gateway's ports: HTTP/2 and HTTP/1.1 over TLS on one, plain HTTP/1.1 on the other.
 * @throws HeadgateError `port-taken`
 */
export async function listen(gateway: Gateway, options: ListenOptions): Promise<Listener> {
  const { limits } = options.transport();
  const watch = createStallWatch();
  const carrier = createCarrier(gateway, { ...options, watch });
  const connections = createConnections();
  const sessions = new Set<ServerHttp2Session>();
  const servers: (Server | Http2SecureServer)[] = [];

  async function open(server: Server | Http2SecureServer, port: number, encrypted: boolean): Promise<number> {
    attach(server as Server, carrier, encrypted);
    server.on(encrypted ? "secureConnection" : "connection", (socket: Socket) =>
      connections.admit(socket, options.transport().limits.maxConnectionsPerAddress),
    );
    const bound = await bind(server, port, options.host);
    servers.push(server);
    return bound;
  }

  async function drain(): Promise<void> {
    carrier.startDraining();
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const session of sessions) session.close();
    for (const server of servers) (server as Server).closeIdleConnections();
    const cut = setTimeout(() => {
      carrier.abandon();
      connections.destroyAll();
    }, options.transport().limits.drainTimeout);
    await Promise.all(closed);
    clearTimeout(cut);
    options.tls?.close();
    watch.close();
  }

  let httpsPort: number | undefined;
  let httpPort: number | undefined;
  try {
    if (options.https !== false && options.tls) {
      const server = createTlsServer(options.tls, limits);
      server.on("session", (session: ServerHttp2Session) => {
        sessions.add(session);
        session.once("close", () => sessions.delete(session));
      });
      httpsPort = await open(server, options.https, true);
    }
    if (options.http !== false) httpPort = await open(createPlainServer(limits), options.http, false);
  } catch (error) {
    await drain();
    throw error;
  }
  return { httpsPort, httpPort, drain };
}

/** Wires a server's events to the carrier. The TLS server emits the events of `node:http` too, for HTTP/1.1 clients. */
function attach(server: Server, carrier: Carrier, encrypted: boolean): void {
  const plain: Arrival = { encrypted, upgrade: undefined, unknownExpectation: false, sendContinue: () => undefined };
  server.on("request", (request, out) => carrier.request(request, out, plain));
  server.on("checkContinue", (request: IncomingMessage, out: ServerResponse) =>
    carrier.request(request, out, { ...plain, sendContinue: () => out.writeContinue() }),
  );
  server.on("checkExpectation", (request: IncomingMessage, out: ServerResponse) =>
    carrier.request(request, out, { ...plain, unknownExpectation: true }),
  );
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    carrier.upgrade(request, socket, head, { ...plain, upgrade: (request.headers.upgrade ?? "").toLowerCase() }),
  );
  server.on("clientError", answerClientError);
}
