import { readBody, type Call, json, type Reply, type Router } from "../http/router.ts";

/**
 * Adds diagnostic routes that were left on in production.
 *
 * They are a weakness of their own (api-access, api-error-leak, api-rate-limit), and they show what reaches an upstream.
 */
export function addDiagnosticRoutes(router: Router): void {
  router
    .on("* /api/echo", echo)
    .on("* /api/echo/*", echo)
    .on("GET /api/slow", answerLate)
    .on("GET /api/stream", streamEvents)
    .on("GET /api/large", streamBytes)
    .on("POST /api/sink", countBytes)
    .on("GET /api/flaky", failOnDemand)
    .on("GET /api/crash", crash);
}

/** The request as it arrived. */
async function echo(call: Call): Promise<Reply> {
  const { method, url, headers, rawHeaders, httpVersion } = call.request;
  const body = (await readBody(call.request)).toString("utf8");
  return json(200, { method, url, httpVersion, headers, rawHeaders, body });
}

/** An answer after `ms` milliseconds. */
async function answerLate(call: Call): Promise<Reply> {
  const milliseconds = Number(call.query.get("ms") ?? "1000");
  await pause(call, milliseconds);
  return json(200, { waitedMs: milliseconds });
}

/** Server-sent events: `count` of them, one each `ms` (100) milliseconds. */
async function streamEvents(call: Call): Promise<undefined> {
  const count = Number(call.query.get("count") ?? "10");
  call.response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  call.response.flushHeaders();
  for (let index = 0; index < count && !call.response.destroyed; index += 1) {
    call.response.write(`id: ${index}\nevent: tick\ndata: {"index":${index}}\n\n`);
    await pause(call, Number(call.query.get("ms") ?? "100"));
  }
  call.response.end();
}

/** `bytes` octets in chunks of 64 KiB, no faster than the client reads; `?length=none` leaves out Content-Length. */
async function streamBytes(call: Call): Promise<undefined> {
  const chunk = Buffer.alloc(65_536, "headless");
  let left = Number(call.query.get("bytes") ?? "1048576");
  const length = call.query.get("length") === "none" ? {} : { "content-length": left };
  call.response.writeHead(200, { "content-type": "application/octet-stream", ...length });
  while (left > 0 && !call.response.destroyed) {
    const hasRoom = call.response.write(left < chunk.byteLength ? chunk.subarray(0, left) : chunk);
    left -= chunk.byteLength;
    if (!hasRoom) await drained(call);
  }
  call.response.end();
}

/** How many octets the body had, without keeping them. */
async function countBytes(call: Call): Promise<Reply> {
  let bytes = 0;
  for await (const chunk of call.request) bytes += Buffer.byteLength(chunk);
  return json(200, { bytes });
}

/** The status that the caller asks for. */
function failOnDemand(call: Call): Reply {
  const status = Number(call.query.get("status") ?? "500");
  return json(status, { error: `Database shop_root@db-7.shop.internal answered ${status}`, at: import.meta.filename });
}

function crash(): never {
  const connection: { readonly rows: readonly string[] } = { rows: [] };
  throw new TypeError(`Cannot read the first of ${connection.rows.length} rows of shop_root@db-7.shop.internal:5432`);
}

/** Waits, but not for a client that has left: nothing of the lab may outlive it. */
function pause(call: Call, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      call.response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    call.response.once("close", done);
  });
}

function drained(call: Call): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.response.off("drain", done).off("close", done);
      resolve();
    };
    call.response.on("drain", done).on("close", done);
  });
}
