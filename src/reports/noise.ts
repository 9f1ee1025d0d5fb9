/**
 * Schemes of what runs in a browser without the site having a part in it: extensions, the browser's own pages, apps that
 * embed a browser. Browsers write them with and without the rest of the address (`chrome-extension` alone, for one).
 */
const foreignSchemes = [
  ...["about", "android-webview", "android-webview-video-poster", "chrome", "chrome-error", "chrome-extension"],
  ...["chrome-search", "chromeinvoke", "chromeinvokeimmediate", "chromenull", "edge", "edge-extension", "file", "gsa"],
  ...["jar", "mbinit", "moz-extension", "moz-icon", "ms-appx", "ms-appx-web", "ms-browser-extension", "mxaddjs"],
  ...["mxjscall", "opera", "res", "resource", "safari-extension", "safari-resource", "safari-web-extension"],
  ...["se-extension", "symres", "tmtbff", "user-script", "webkit-masked-url", "webviewprogressproxy"],
] as const;

/** Addresses that software on the visitor's side puts into pages: virus scanners, toolbars, bookmarklets. */
const injectedAddresses = [
  ...["ff", "gc", "ie", "me"].map((browser) => `https://${browser}.kis.v2.scr.kaspersky-labs.com`),
  "https://nikkomsgchannel",
  "https://adblockers.opera-mini.net",
  "http://adblockers.opera-mini.net",
  "https://getpocket.com/b/",
  "sandbox eval code",
] as const;

/** Errors that nobody can act on: the browser says nothing of them, or they are none. */
const emptyErrors = ["Script error", "ResizeObserver loop"] as const;

const schemes: ReadonlySet<string> = new Set(foreignSchemes);
const prefixes: readonly string[] = [...injectedAddresses, ...emptyErrors];

/**
 * Makes the function that says whether a report is the doing of something else than the site.
 * @param more beginnings of URLs or messages that the policy names; plain text, no patterns, so that none can be slow
 */
export function createNoiseFilter(more: readonly string[]): (subjects: readonly string[]) => boolean {
  const all = [...prefixes, ...more];
  return (subjects) =>
    subjects.some((subject) => {
      if (subject === "") return false;
      const colon = subject.indexOf(":");
      const scheme = (colon < 0 ? subject : subject.slice(0, colon)).toLowerCase();
      return schemes.has(scheme) || all.some((prefix) => subject.startsWith(prefix));
    });
}
