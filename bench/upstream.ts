/**
 * The backend behind every contestant: one fixed JSON response over keep-alive.
 *
 * Runs as its own process, so that its CPU time is never counted as the gateway's. Port in `BENCH_PORT`.
 */
import { createServer } from "node:http";
import { PRODUCT_BODY } from "./product.ts";

const headers = { "content-type": "application/json", "content-length": String(PRODUCT_BODY.length) };

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers);
  response.end(PRODUCT_BODY);
});

// Longer than a whole run: a pooled connection that the upstream closes mid-run would show up as the proxy's error.
server.keepAliveTimeout = 600_000;
server.listen(Number(process.env["BENCH_PORT"]), "127.0.0.1");
