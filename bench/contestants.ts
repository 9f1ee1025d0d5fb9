import type { Contestant } from "./contestant.ts";
import { haproxyContestants } from "./peers/haproxy.ts";
import { nginxContestants } from "./peers/nginx.ts";
import { headgate } from "./stacks/headgate.ts";
import { nodeStack } from "./stacks/node-stack.ts";

/** Every row of the comparison, in the order of the table. */
export const contestants: readonly Contestant[] = [
  headgate,
  nodeStack({
    name: "express",
    title: "Express: helmet, cors, express-rate-limit, jose, http-proxy-middleware",
    duty: "policy",
    file: "express.ts",
  }),
  nodeStack({
    name: "fastify",
    title: "Fastify: @fastify/helmet, cors, rate-limit, jwt, http-proxy",
    duty: "policy",
    file: "fastify.ts",
  }),
  nodeStack({
    name: "fastify-token-cache",
    title: "Fastify, the same with its token cache",
    duty: "policy",
    file: "fastify.ts",
    env: { BENCH_TOKEN_CACHE: "on" },
  }),
  nodeStack({
    name: "hono",
    title: "Hono: secure-headers, cors, hono-rate-limiter, jose, proxy",
    duty: "policy",
    file: "hono.ts",
  }),
  ...haproxyContestants,
  ...nginxContestants,
  nodeStack({
    name: "bare-proxy",
    title: "Bare proxy on Node: node:http and undici, no policy",
    duty: "proxy",
    file: "bare-proxy.ts",
  }),
  nodeStack({
    name: "bare-response",
    title: "Bare response on Node: node:http, no upstream",
    duty: "response",
    file: "bare-response.ts",
  }),
];
