/**
 * Runs in pages, not in the gateway: `npm run gen` makes the script of `client.gen.ts` out of it. What it names of the
 * browser is declared here, so that the gateway's own code cannot name it by mistake.
 */
declare const document: { readonly currentScript: { readonly src: string } | null };
declare const location: { readonly href: string };
declare const navigator: { sendBeacon?(url: string, body: string): boolean };
declare const self: { fetch: typeof fetch };
declare function addEventListener(type: string, listen: (event: PageEvent) => void, capture?: boolean): void;

/** What the events have that are listened to. */
interface PageEvent {
  readonly message?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly colno?: number;
  readonly reason?: { readonly message?: string } | null;
  readonly target: { readonly src?: string; readonly href?: string };
}

/** The most that one view of a page sends; what is the same counts once, so a loop does not crowd the rest out. */
const most = 20;

/**
 * Tells the gateway what went wrong in a page: errors and rejections that nobody caught, resources that did not load,
 * calls that failed or were answered 5xx. Never throws, never tells of its own failures, sends no query of a page or a
 * call. It finds the endpoint beside itself, so that it is the same file under every policy.
 */
export function reportErrors(): void {
  const script = document.currentScript;
  if (!script) return;
  const endpoint = new URL("errors", script.src).href;
  const { fetch } = self;
  const told = new Set<string>();
  let batch: string[] = [];

  const place = (url: string) => {
    const { origin, pathname } = new URL(url, location.href);
    return origin + pathname;
  };
  const send = () => {
    const body = `[${batch}]`;
    try {
      if (batch.length > 0 && !navigator.sendBeacon?.(endpoint, body))
        fetch(endpoint, { method: "POST", body, keepalive: true }).catch(() => {});
    } catch {}
    batch = [];
  };
  const tell = (kind: string, more: () => object) => {
    try {
      const one = JSON.stringify({ kind, page: place(""), ...more() });
      if (told.size < most && !told.has(one) && told.add(one) && batch.push(one) === 1) setTimeout(send, 1000);
    } catch {}
  };

  addEventListener(
    "error",
    ({ message, filename, lineno, colno, target }) => {
      if (message) tell("error", () => ({ message, source: filename, line: lineno, column: colno }));
      else tell("resource", () => ({ url: place(target.src ?? target.href ?? "") }));
    },
    true,
  );
  addEventListener("unhandledrejection", ({ reason }) =>
    tell("rejection", () => ({ message: String(reason?.message ?? reason) })),
  );
  addEventListener("pagehide", send);
  self.fetch = function (input, init) {
    const call = fetch.call(this, input, init);
    const failed = (status: number) =>
      tell("fetch", () => {
        const asked = input as { readonly url?: string; readonly method?: string };
        return {
          status,
          method: init?.method ?? asked.method,
          url: place(asked.url ?? String(input)),
        };
      });
    call.then(
      ({ status }) => {
        if (status > 499) failed(status);
      },
      (error: { readonly name?: string } | null) => {
        if (error?.name !== "AbortError") failed(0);
      },
    );
    return call;
  };
}
