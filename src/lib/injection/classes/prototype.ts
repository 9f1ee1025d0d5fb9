import { type AttackClass, everywhere } from "../attack-class.ts";
import { trait } from "../traits.ts";

const path = /(?:^|[[\].,"'/{\s])(?:__proto__|constructor["'\].[:{\s]{1,9}prototype)(?:$|[[\].,"'=:/}\s])/;

/** Names that reach the prototype which all objects of a JavaScript backend share. */
export const prototype: AttackClass = {
  name: "prototype",
  summary: "Names a member that reaches the prototype which all objects of a JavaScript backend share.",
  stops: ["CWE-1321", "API8:2023"],
  places: everywhere,
  suspects: (traits) => (traits & (trait.underscore | trait.dot | trait.bracket | trait.quote)) !== 0,
  judge({ text, profile }) {
    if (!text.includes("__proto__") && !text.includes("constructor")) return 0;
    // An article may name it; a value that is a path, an assignment or JSON does something with it.
    if (/\s\w+\s/.test(text) && profile !== "typed") return 0;
    return path.test(text) ? 5 : 0;
  },
  judgeName: (name) =>
    /__proto__|__define[GS]etter__|__lookup[GS]etter__|^constructor$|constructor["'\].[]{1,9}prototype|__proto?(?:__proto__)?/.test(
      name,
    )
      ? 6
      : 0,
  found: [
    '{"__proto__":{"isAdmin":true}}',
    "constructor.prototype.polluted=1",
    "__proto__[x]=1",
    "a.constructor.prototype.b",
  ],
  spared: ["prototype", "the constructor's prototype", "a constructor of bridges", "__typename", "proto.example"],
};
