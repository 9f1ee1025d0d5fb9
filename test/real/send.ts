import { type IncomingHttpHeaders, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";

/** A request as it is to stand on the wire: nothing is normalised, nothing is followed. */
export interface WireRequest {
  readonly method?: string;
  /** The request target, byte for byte. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Sends a request to an origin, which is always on loopback, and reads the whole answer. */
export function send(origin: string, { method = "GET", path, headers = {}, body }: WireRequest): Promise<WireResponse> {
  const { protocol, host, hostname, port } = new URL(origin);
  const request = protocol === "https:" ? requestSecure : requestPlain;
  const tls = protocol === "https:" ? { servername: hostname, rejectUnauthorized: false } : {};
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, method, path, headers: { host, ...headers }, agent: false, ...tls },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString() });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
