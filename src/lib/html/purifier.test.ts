import { describe, expect, test } from "vitest";
import { createJsdomPurifier } from "../../sanitize/jsdom-purifier.ts";
import type { SanitizeProfile } from "../sanitize-profile.ts";
import type { DomPurify } from "./dom-purify.ts";
import { profiles } from "./profiles.ts";
import { createPurifier } from "./purifier.ts";

const fake = (more: Partial<DomPurify>): DomPurify => ({
  isSupported: true,
  sanitize: (html) => html,
  addHook: () => undefined,
  ...more,
});

describe("createPurifier", () => {
  test("refuses a DOMPurify that is not supported, which would clean nothing", () => {
    expect(() => createPurifier(fake({ isSupported: false }))).toThrow("not supported");
  });

  test("refuses one that says it is and does not clean", () => {
    expect(() => createPurifier(fake({}))).toThrow("does not clean a known attack");
  });

  test("refuses what does not come to rest", () => {
    const proven = createJsdomPurifier();
    let calls = 0;
    const restless = createPurifier(
      fake({ sanitize: (html) => (html.includes("<i>") ? `${html}${(calls += 1)}` : proven(html, probe)) }),
    );
    expect(() => restless("<i>x", profiles.rich)).toThrow("each cleaning changes it again");
  });

  test("refuses a profile that lets through what runs, whoever wrote it", () => {
    const purify = createJsdomPurifier();
    for (const more of [
      { elements: ["script"] },
      { elements: ["svg"] },
      { attributes: { p: ["onclick"] } },
      { schemes: ["javascript"] },
      { styles: ["position"] },
      { frames: ["*"] },
    ]) {
      expect(() => purify("<p>x</p>", { ...profiles.rich, ...more })).toThrow("cannot be let through by any profile");
    }
  });
});

describe("a profile of one's own", () => {
  const purify = createJsdomPurifier();
  const own: SanitizeProfile = {
    ...profiles.rich,
    name: "own",
    frames: ["www.youtube-nocookie.com"],
    styles: ["color", "text-align"],
    dataImages: true,
    schemes: ["https", "web+shop"],
  };

  test("embeds listed hosts, in a sandbox, without what the author asks for the frame", () => {
    const frame = `<iframe src="//www.youtube-nocookie.com/embed/x" width="560" allow="camera" sandbox="allow-top-navigation" name="top">in</iframe>`;
    expect(purify(frame, own)).toBe(
      '<iframe src="https://www.youtube-nocookie.com/embed/x" width="560" sandbox="allow-scripts allow-same-origin allow-popups allow-presentation" loading="lazy" referrerpolicy="strict-origin-when-cross-origin"></iframe>',
    );
    expect(purify(frame, profiles.rich)).toBe("");
  });

  test("lets listed properties of style through", () => {
    expect(purify('<p style="color: red; position: fixed">x</p>', own)).toBe('<p style="color: red">x</p>');
    expect(purify('<p style="position: fixed">x</p>', own)).toBe("<p>x</p>");
    expect(purify('<p style="color: red">x</p>', profiles.rich)).toBe("<p>x</p>");
  });

  test("takes its schemes in place of the usual ones", () => {
    expect(purify('<a href="web+shop:1">x</a><a href="http://a.example/">y</a>', own)).toBe(
      '<a href="web+shop:1">x</a><a>y</a>',
    );
  });

  test("lets pixels be written into the text, and drawings not", () => {
    const png = '<img src="data:image/png;base64,AAAA">';
    expect(purify(`${png}<img src="data:image/svg+xml;base64,AAAA">`, own)).toBe(png);
    expect(purify(png, profiles.rich)).toBe("");
  });
});

const probe: SanitizeProfile = {
  ...profiles.text,
  elements: ["a", "p"],
  attributes: { a: ["href"] },
  schemes: ["https"],
  rel: ["noopener"],
};
