/** What the components render on a server, as the frameworks' own renderers write it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.ts";

const hostile = '<p onclick="hit()">Hi <b>you</b><script>hit()</script><img src=x onerror=hit()></p>';
const data = { name: "</script><script>hit()</script>", note: "a & b\u2028" };
const json =
  '{"name":"\\u003c/script\\u003e\\u003cscript\\u003ehit()\\u003c/script\\u003e","note":"a \\u0026 b\\u2028"}';

/** Each renders both components; `as` is what the test says. */
const renderers = {
  react: `
    import { createElement as h } from "react";
    import { renderToStaticMarkup } from "react-dom/server";
    import { JsonLd, SafeHtml } from "headgate/react";
    export const render = async ({ html, profile, as, data }) =>
      renderToStaticMarkup([h(SafeHtml, { key: 1, html, profile, as, className: "body", children: "ignored" }), h(JsonLd, { key: 2, data })]);
  `,
  vue: `
    import { createSSRApp, h } from "vue";
    import { renderToString } from "vue/server-renderer";
    import { JsonLd, SafeHtml } from "headgate/vue";
    export const render = async ({ html, profile, as, data }) => {
        const app = createSSRApp({ render: () => [h(SafeHtml, { html, profile, as, class: "body" }), h(JsonLd, { data })] });
        app.config.warnHandler = () => {};
        return renderToString(app);
    };
  `,
  svelte: `
    import { render as renderSvelte } from "svelte/server";
    import { JsonLd, SafeHtml } from "headgate/svelte";
    export const render = async ({ html, profile, as, data }) =>
      (await renderSvelte(SafeHtml, { props: { html, profile, as, class: "body" } })).body +
      (await renderSvelte(JsonLd, { props: { data } })).body;
  `,
};

interface Rendering {
  readonly html: string;
  readonly profile?: string;
  readonly as?: string;
  readonly data?: unknown;
}

let folder: string;
const render: Record<string, (what: Rendering) => Promise<string>> = {};

beforeAll(async () => {
  // Within the repository, so that the frameworks are found.
  const cache = fileURLToPath(new URL("../../node_modules/.cache/headgate/", import.meta.url));
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "components-"));
  for (const [name, source] of Object.entries(renderers)) {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, await bundle(source, "server"));
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      render(what: Rendering): Promise<string>;
    };
    // Markers of the frameworks' own are no part of what is shown.
    render[name] = async (what) => (await module.render({ data: {}, ...what })).replace(/<!--[^>]*-->/g, "");
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.keys(renderers))("headgate/%s on a server", (name) => {
  const rendered = (what: Rendering) => render[name]?.(what);

  test("renders clean HTML into the element that was asked for", async () => {
    const text = await rendered({ html: hostile, profile: "rich", as: "article" });
    expect(text).toContain('<article class="body"><p>Hi <b>you</b><img src="x"></p></article>');
    expect(text).not.toContain("hit()");
  });

  test("takes the profile for visitors, and a div, unless told otherwise", async () => {
    expect(await rendered({ html: hostile })).toContain('<div class="body"><p>Hi <b>you</b></p></div>');
  });

  test("writes data that cannot end its element", async () => {
    const text = String(await rendered({ html: "", data }));
    expect(text).toContain(`<script type="application/ld+json">${json}</script>`);
    expect(text.split("</script>")).toHaveLength(2);
  });

  test.each(["textarea", "style", "template", "svg", "script", "iframe"])(
    "does not put HTML into <%s>, where it would be read in another way",
    async (as) => {
      await expect(rendered({ html: "<b>x</b>", as })).rejects.toThrow(`HTML cannot be put into <${as}>`);
    },
  );

  test("renders nothing of what it cannot clean", async () => {
    await expect(rendered({ html: "<div>".repeat(300) })).rejects.toThrow("nested deeper");
  });
});
