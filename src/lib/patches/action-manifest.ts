import { actionId } from "./flight-payload.ts";

/**
 * The ids of the server actions that a build of Next.js lists in `.next/server/server-reference-manifest.json`.
 * @throws Error when the text is no such manifest
 */
export function readActionManifest(text: string): ReadonlySet<string> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new Error("the manifest of server actions is no JSON. Name .next/server/server-reference-manifest.json.");
  }
  const ids = ["node", "edge"].flatMap((runtime) => {
    const actions = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, runtime) : undefined;
    return typeof actions === "object" && actions !== null ? [Object.keys(actions)] : [];
  });
  if (ids.length === 0) {
    throw new Error(
      "the manifest of server actions lists no runtime. Name .next/server/server-reference-manifest.json.",
    );
  }
  const odd = ids.flat().find((id) => !actionId.test(id));
  if (odd !== undefined) throw new Error("the manifest of server actions has ids of an unknown form. Build anew.");
  return new Set(ids.flat());
}
