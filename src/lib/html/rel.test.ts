import { expect, test } from "vitest";
import { writeRel } from "./rel.ts";

test.each<[written: string, profile: readonly string[], opensWindow: boolean, rel: string]>([
  ["", [], false, ""],
  ["", ["noopener", "ugc"], false, "noopener ugc"],
  ["", [], true, "noopener"],
  ["opener", [], true, "noopener"],
  ["NoFollow  sponsored\nopener evil", ["noopener"], false, "noopener nofollow sponsored"],
  ["noopener ugc", ["ugc"], true, "ugc noopener"],
  ["stylesheet preload me", [], false, ""],
])("%j with %j (window: %s) is %j", (written, profile, opensWindow, rel) => {
  expect(writeRel(written, profile, opensWindow)).toBe(rel);
  expect(writeRel(rel, profile, opensWindow)).toBe(rel);
});
