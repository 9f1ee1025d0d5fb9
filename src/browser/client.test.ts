/** The script in a page of paper; `test/browser` has it in a real one. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { clientScript } from "./client.gen.ts";

type Listen = (event: Readonly<Record<string, unknown>>) => void;

function openPage(
  options: { readonly script?: string | null; readonly beacon?: boolean; fetch?(url: unknown): Promise<unknown> } = {},
) {
  const listeners = new Map<string, Listen>();
  const sent: { readonly url: string; readonly body: string; readonly by: string }[] = [];
  const timers: (() => void)[] = [];
  const src = options.script === undefined ? "https://shop.example/.headgate/client.js" : options.script;
  const self: { fetch: (...given: unknown[]) => Promise<unknown> } = {
    fetch: (url, init) => {
      const { body } = (init ?? {}) as { readonly body?: string };
      if (String(url).endsWith("/errors")) sent.push({ url: String(url), body: body ?? "", by: "fetch" });
      return options.fetch?.(url) ?? Promise.resolve({ status: 200 });
    },
  };
  const page = {
    self,
    URL,
    document: { currentScript: src === null ? null : { src } },
    location: { href: "https://shop.example/cart?token=s3cret#s3cret" },
    navigator: {
      sendBeacon: (url: string, body: string) => {
        if (options.beacon === false) return false;
        sent.push({ url, body, by: "beacon" });
        return true;
      },
    },
    addEventListener: (type: string, listen: Listen) => listeners.set(type, listen),
    setTimeout: (callback: () => void) => timers.push(callback),
  };
  runInNewContext(clientScript, page);
  return {
    page,
    sent,
    listening: [...listeners.keys()],
    emit: (type: string, event: Readonly<Record<string, unknown>> = {}) => listeners.get(type)?.(event),
    flush: () => timers.splice(0).forEach((callback) => callback()),
    told: () => sent.flatMap(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>[]),
  };
}

test("it is one kilobyte at most, as it is served", () => {
  expect(Buffer.byteLength(clientScript)).toBeLessThanOrEqual(1024);
});

test("it sends what happened within a second in one post, to the endpoint beside itself", () => {
  const { emit, flush, sent, told } = openPage();
  emit("error", { message: "a", filename: "https://shop.example/x.js", lineno: 1, colno: 2, target: {} });
  emit("unhandledrejection", { reason: new Error("b") });
  expect(sent).toEqual([]);
  flush();
  expect(sent.map(({ url, by }) => [url, by])).toEqual([["https://shop.example/.headgate/errors", "beacon"]]);
  expect(told()).toEqual([
    {
      kind: "error",
      page: "https://shop.example/cart",
      message: "a",
      source: "https://shop.example/x.js",
      line: 1,
      column: 2,
    },
    { kind: "rejection", page: "https://shop.example/cart", message: "b" },
  ]);
  flush();
  expect(sent).toHaveLength(1);
});

test("it sends on leaving what it has not sent, and nothing where it has nothing", () => {
  const { emit, sent } = openPage();
  emit("pagehide");
  expect(sent).toEqual([]);
  emit("error", { message: "a", target: {} });
  emit("pagehide");
  emit("pagehide");
  expect(sent).toHaveLength(1);
});

test("it falls back on a call that outlives the page, and that call is not told of when it fails", async () => {
  const { emit, flush, sent } = openPage({ beacon: false, fetch: () => Promise.reject(new TypeError("offline")) });
  emit("error", { message: "a", target: {} });
  flush();
  await new Promise(setImmediate);
  flush();
  expect(sent.map(({ by }) => by)).toEqual(["fetch"]);
});

test("it tells twenty different things of one page and no more, and the same thing once", () => {
  const { emit, flush, told } = openPage();
  for (let count = 0; count < 1000; count += 1) {
    emit("error", { message: "again", target: {} });
    emit("error", { message: `error ${count}`, target: {} });
    if (count % 100 === 0) flush();
  }
  flush();
  expect(told()).toHaveLength(20);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["nothing", { reason: undefined }],
  ["null", { reason: null }],
  ["a symbol", { reason: Symbol("x") }],
  ["an object without a prototype", { reason: Object.create(null) as unknown }],
  [
    "a message that throws",
    {
      reason: {
        get message() {
          throw new Error("no");
        },
      },
    },
  ],
  ["a big integer", { reason: { message: 1n } }],
])("a rejection with %s as its reason breaks nothing", (_name, event) => {
  const { emit, flush, told } = openPage();
  emit("unhandledrejection", event);
  emit("error", { message: "next", target: {} });
  flush();
  expect(told().at(-1)).toMatchObject({ message: "next" });
});

test.each([[undefined], [null], ["text"], [7]])(
  "a call that ends with %j as its error stays the page's own affair",
  async (reason) => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", note);
    const { page } = openPage({ fetch: () => Promise.reject(reason) });
    await expect(page.self.fetch("/x")).rejects.toBe(reason);
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  },
);

test("a script that was not loaded by a tag of its own does nothing", () => {
  expect(openPage({ script: null }).listening).toEqual([]);
});
