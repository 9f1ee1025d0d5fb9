/**
 * The least that a streaming proxy on Node costs: node:http in, an undici pool out, no policy at all.
 *
 * Written for speed, since it is the floor that others are measured against: `dispatch` makes no second stream for each
 * response, which saves about a quarter of what `request` and `pipe` cost.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Pool, type Dispatcher } from "undici";
import { readSetting } from "./setting.ts";

const { port, upstream } = readSetting();
const pool = new Pool(upstream, { connections: 128, pipelining: 1, allowH2: false });

function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  // Connection headers belong to one hop; undici refuses to send them on.
  const { connection: _, "keep-alive": __, ...headers } = incoming.headers;
  const method = incoming.method as Dispatcher.HttpMethod;
  const body = method === "GET" || method === "HEAD" ? null : incoming;
  pool.dispatch({ path: incoming.url ?? "/", method, headers, body }, respondWith(outgoing));
}

function respondWith(outgoing: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      outgoing.once("close", () => {
        if (!outgoing.writableFinished) controller.abort(new Error("The client went away."));
      });
    },
    onResponseStart(_controller, status, headers) {
      outgoing.writeHead(status, headers);
    },
    onResponseData(controller, chunk) {
      if (outgoing.write(chunk)) return;
      controller.pause();
      outgoing.once("drain", () => controller.resume());
    },
    onResponseEnd() {
      outgoing.end();
    },
    onResponseError() {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    },
  };
}

createServer(forward).listen(port, "127.0.0.1");
