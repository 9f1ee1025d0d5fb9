import type { GoodDocument } from "./operation-judge.ts";
import { reservedPrefix } from "./walk.ts";

const asked = new WeakMap<GoodDocument, string>();

/**
 * The document, with the owner of every object asked for whose owner matters: a client that leaves the owner out would
 * otherwise get what nobody can judge. It is written into the text behind each opening brace, so that everything else
 * stays as it was judged; the reserved name keeps it apart from whatever the client asks for.
 */
export function askOwners(document: GoodDocument): string {
  if (document.owned.length === 0) return document.text;
  let text = asked.get(document);
  if (text === undefined) asked.set(document, (text = write(document)));
  return text;
}

function write({ text, owned }: GoodDocument): string {
  // A fragment that is about several types is walked once for each, and so may come more than once.
  const places = new Map(owned.map((set) => [set.at, set]));
  let written = "";
  let from = 0;
  for (const [at, { owners, isAbstract }] of [...places].sort(([one], [other]) => one - other)) {
    const fields = owners.map(({ type, field }) => {
      const selection = `${reservedPrefix}${type}:${field}`;
      return isAbstract ? `... on ${type}{${selection}}` : selection;
    });
    written += `${text.slice(from, at)}${fields.join(" ")} `;
    from = at;
  }
  return written + text.slice(from);
}
