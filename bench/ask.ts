import { request, type IncomingHttpHeaders } from "node:http";

/** One HTTP request to loopback. */
export interface Question {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Loopback address to call from; any of 127.0.0.0/8. */
  readonly from?: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request on a connection of its own; `fetch` would not let `Host` and the source address be chosen. */
export function ask(question: Question): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { port, path, method = "GET", headers, from } = question;
  const options = { host: "127.0.0.1", port, path, method, headers, agent: false, timeout: 5000 };
  const outgoing = request(from === undefined ? options : { ...options, localAddress: from }, (incoming) => {
    let body = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk: string) => (body += chunk));
    incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    incoming.on("error", reject);
  });
  outgoing.on("timeout", () => outgoing.destroy(new Error("No answer within 5 s.")));
  outgoing.on("error", reject);
  outgoing.end();
  return promise;
}
