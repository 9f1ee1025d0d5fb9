import { createServer, type Server } from "node:http";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import { HeadgateError } from "../../lib/error.ts";
import type { TlsFiles } from "../tls.ts";
import type { TransportLimits } from "./options.ts";

/** How often Node looks for requests whose headers are late. */
const checkingIntervalMs = 1000;

/** A server for plain HTTP/1.1. */
export function createPlainServer(limits: TransportLimits): Server {
  return applyLimits(
    createServer({
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
      connectionsCheckingInterval: checkingIntervalMs,
      requireHostHeader: false,
    }),
    limits,
  );
}

/** A server for HTTP/2 and HTTP/1.1 over TLS, TLS 1.3 unless the policy loudly says otherwise. */
export function createTlsServer(tls: TlsFiles, limits: TransportLimits): Http2SecureServer {
  const server = createSecureServer({
    ...tls.context(),
    minVersion: tls.minVersion,
    allowHTTP1: true,
    handshakeTimeout: limits.headersTimeout,
    maxSessionMemory: 4,
    peerMaxConcurrentStreams: 100,
    settings: { maxConcurrentStreams: 100, maxHeaderListSize: limits.maxHeaderBytes, enablePush: false },
  });
  // Over TLS these are properties of the server: its constructor knows only the options of HTTP/2.
  Object.assign(server, {
    maxHeaderSize: limits.maxHeaderBytes,
    connectionsCheckingInterval: checkingIntervalMs,
    requireHostHeader: false,
  });
  applyLimits(server, limits);
  tls.onChange((context) => server.setSecureContext(context));
  server.on("session", (session: ServerHttp2Session) => {
    session.setTimeout(limits.keepAliveTimeout, () => session.close());
  });
  return server;
}

function applyLimits<S extends Server | Http2SecureServer>(server: S, limits: TransportLimits): S {
  return Object.assign(server, {
    headersTimeout: limits.headersTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    // A whole request may take as long as it keeps moving: uploads are judged by their rate.
    requestTimeout: 0,
    // Node would drop the fields beyond this count without a word; the gateway counts them itself and refuses.
    maxHeadersCount: 0,
    // A client that has said all and closed its half still waits for the answer.
    httpAllowHalfOpen: true,
  });
}

/**
 * Binds a server to a port and gives back the port it got.
 * @throws HeadgateError `port-taken`
 */
export function bind(server: Server | Http2SecureServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE" || cause.code === "EACCES"
          ? new HeadgateError(
              "port-taken",
              `${host}:${port} cannot be listened on (${cause.code}): choose another port`,
              { cause },
            )
          : cause,
      );
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
