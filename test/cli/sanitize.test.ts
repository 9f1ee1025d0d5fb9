/** The sanitiser of the built program: its worker stands where it looks for it, and the published names lead to it. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function run(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--input-type=module", "-e", script], { cwd: root }, (error, out, err) =>
      error ? reject(new Error(err)) : resolve(out.trim()),
    );
  });
}

test("the built workers start and clean", async () => {
  const said = await run(`
    import { createSanitizer } from "./dist/sanitize/sanitizer.js";
    import { profiles } from "./dist/lib/html/profiles.js";
    const sanitizer = createSanitizer({ clock: { now: Date.now, sleep() {} }, report: console.error });
    const cleaner = sanitizer.prepare(profiles.rich, { maxBytes: 1000 });
    await sanitizer.ready();
    console.log(await cleaner.clean("<p onclick=hit()>x</p>"));
    await sanitizer.close();
  `);
  expect(said).toBe("<p>x</p>");
});

test("headgate/browser is, in Node, the side that has a DOM of its own", async () => {
  const said = await run(`
    import { jsonLd, safeHtml } from "headgate/browser";
    console.log(safeHtml("<p onclick=hit()>x</p>"), jsonLd("</script>"));
  `);
  expect(said).toBe('<p>x</p> "\\u003c/script\\u003e"');
});

test("the components render from where they are published", async () => {
  const said = await run(`
    import { createElement } from "react";
    import { renderToStaticMarkup } from "react-dom/server";
    import { SafeHtml as ReactSafeHtml } from "headgate/react";
    import { createSSRApp } from "vue";
    import { renderToString } from "vue/server-renderer";
    import { SafeHtml as VueSafeHtml } from "headgate/vue";
    const html = "<p onclick=hit()>x</p>";
    console.log(renderToStaticMarkup(createElement(ReactSafeHtml, { html })));
    console.log(await renderToString(createSSRApp(VueSafeHtml, { html })));
  `);
  expect(said).toBe("<div><p>x</p></div>\n<div><p>x</p></div>");
});
