import { expect, test } from "vitest";
import { createNoiseFilter } from "./noise.ts";

const isNoise = createNoiseFilter(["https://widget.example/", "Our old library"]);

test.each([
  ["chrome-extension://abcdef/content.js"],
  // Browsers cut it down to the scheme.
  ["chrome-extension"],
  ["moz-extension"],
  ["moz-extension://0b9f/inject.js"],
  ["safari-web-extension://4A/x"],
  ["safari-extension://com.example-x/"],
  ["webkit-masked-url://hidden/"],
  ["ms-browser-extension"],
  ["about:blank"],
  ["about"],
  ["resource://gre/modules/x.jsm"],
  ["mxjscall://x"],
  ["user-script:3"],
  ["CHROME-EXTENSION://ABC/"],
  ["https://gc.kis.v2.scr.kaspersky-labs.com/1/main.js"],
  ["https://nikkomsgchannel/e?0011"],
  ["https://getpocket.com/b/r4.js"],
  ["Script error."],
  ["ResizeObserver loop completed with undelivered notifications."],
  ["https://widget.example/x.js"],
  ["Our old library is noisy"],
])("%j is noise", (subject) => expect(isNoise(["https://shop.example/", subject])).toBe(true));

test.each([
  ["https://shop.example/chrome-extension"],
  ["inline"],
  ["eval"],
  ["data"],
  ["blob"],
  [""],
  ["https://about.example/"],
  ["aboutface"],
  ["https://getpocket.com/"],
  ["https://widget.example.attacker.example/"],
  ["TypeError: x is undefined"],
])("%j is none", (subject) => expect(isNoise([subject])).toBe(false));
