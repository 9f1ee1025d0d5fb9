import { decodeEntities } from "./entities.ts";

/** Attributes that a browser follows or runs. */
export const urlAttributes: ReadonlySet<string> = new Set(
  "href src action formaction data xlink:href poster background lowsrc dynsrc srcdoc codebase archive cite longdesc from to values manifest ping".split(
    " ",
  ),
);

/** Whether a URL runs a script: its scheme is read as browsers do, without what is no visible ASCII and after decoding. */
export function runsScript(url: string): boolean {
  const decoded = url.includes("&") ? decodeEntities(url.slice(0, 400)) : url.slice(0, 400);
  const plain = decoded.replace(/[^!-~]/g, "").toLowerCase();
  return (
    /^(?:java|vb|live)script:/.test(plain) ||
    /^data:(?:text\/html|text\/xml|application\/xhtml|application\/xml|image\/svg|text\/javascript|application\/javascript)/.test(
      plain,
    )
  );
}
