import type { IncomingMessage, ServerResponse } from "node:http";

/** One request as a lab route sees it. */
export type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly params: Record<string, string>;
  readonly query: URLSearchParams;
};

/** What a route gives back; a route that wrote to `call.response` itself gives back `undefined`. */
export type Reply = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
};

/** The code behind one route. */
export type Route = (call: Call) => Reply | undefined | Promise<Reply | undefined>;

/** Finds the route of a request and runs it. */
export type Router = {
  on(pattern: string, route: Route): Router;
  dispatch(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined>;
};

type Entry = { readonly method: string; readonly segments: readonly string[]; readonly route: Route };

/** Makes a router that is as forgiving as the popular ones are out of the box. */
export function createRouter(): Router {
  const entries: Entry[] = [];
  const router: Router = {
    on(pattern, route) {
      const [method = "GET", path = "/"] = pattern.split(" ");
      entries.push({ method, segments: toSegments(path), route });
      return router;
    },
    async dispatch(request, response) {
      const url = readTarget(request);
      const method = readMethod(request);
      // api-access: decoded before it is split, "//", "." and ".." resolved, ";params" dropped, case ignored. A rule for
      // /api/admin never sees /API//%61dmin;x nor /api/products/..%2Fadmin, and this router serves all of them.
      const segments = toSegments(decodeURIComponent(url.pathname));
      for (const entry of entries) {
        const params = match(entry, method, segments);
        if (params === undefined) continue;
        return entry.route({ request, response, method, path: url.pathname, params, query: url.searchParams });
      }
      return json(404, { error: "not found", path: url.pathname, routes: entries.map(describeRoute) });
    },
  };
  return router;
}

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

/** An answer in HTML. */
export function html(status: number, body: string): Reply {
  return { status, headers: { "content-type": "text/html" }, body };
}

/** Reads a whole body into memory, however large it is. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // api-input, api-rate-limit: no ceiling. One client can fill the memory of the process.
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Reads a body as a JSON object without a look at its content type, its size or its shape. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(request)).toString("utf8");
  // api-input: JSON.parse keeps the last of two equal keys, accepts any depth, and its message quotes the input.
  const value: unknown = JSON.parse(text === "" ? "{}" : text);
  if (typeof value !== "object" || value === null) throw new TypeError(`Expected an object but got ${text}`);
  return Object.fromEntries(Object.entries(value));
}

/** Reads a multipart form. */
export async function readForm(request: IncomingMessage): Promise<FormData> {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  return new Response(new Uint8Array(await readBody(request)), { headers }).formData();
}

function readTarget(request: IncomingMessage): URL {
  // api-access: some proxies rewrite the address in a header, so this stack believes the header of anyone.
  const override = request.headers["x-original-url"] ?? request.headers["x-rewrite-url"];
  const target = typeof override === "string" ? override : (request.url ?? "/");
  // The leading slashes are kept from looking like an authority ("//host/path").
  return new URL(`http://lab${target.startsWith("/") ? "" : "/"}${target}`);
}

function readMethod(request: IncomingMessage): string {
  // api-access: a POST that was let through becomes a DELETE behind the rule that let it through.
  const override = request.headers["x-http-method-override"];
  return (typeof override === "string" ? override : (request.method ?? "GET")).toUpperCase();
}

function toSegments(path: string): string[] {
  const segments: string[] = [];
  for (const raw of path.split("/")) {
    const segment = raw.split(";")[0] ?? "";
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
}

function match(entry: Entry, method: string, segments: readonly string[]): Record<string, string> | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  if (entry.method !== "*" && entry.method !== wanted) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of entry.segments.entries()) {
    if (expected === "*") return { ...params, rest: segments.slice(index).join("/") };
    const actual = segments[index];
    if (actual === undefined) return undefined;
    if (expected.startsWith(":")) params[expected.slice(1)] = actual;
    else if (expected.toLowerCase() !== actual.toLowerCase()) return undefined;
  }
  return entry.segments.length === segments.length ? params : undefined;
}

function describeRoute(entry: Entry): string {
  return `${entry.method} /${entry.segments.join("/")}`;
}
