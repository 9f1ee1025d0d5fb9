/** What the injection shield stops and what it refuses by mistake, counted over the corpus. */
import { z } from "zod";
import type { Place, TextProfile } from "../../src/lib/injection/attack-class.ts";
import { createTextJudge } from "../../src/lib/injection/judge-text.ts";
import { type Attack, type Benign, isHeldOut, readAttacks, readBenign } from "./corpus.ts";

/** So many of so many. */
export interface Rate {
  readonly count: number;
  readonly of: number;
}

/** The field kinds of an ordinary route: some prove a value harmless, most only bound its length. */
const typedFields: Readonly<Record<string, z.ZodType>> = {
  id: z.uuid(),
  page: z.coerce.number().int().min(1),
  sort: z.enum(["name", "price", "-name", "-price"]),
  slug: z.string().regex(/^[a-z0-9-]{1,80}$/),
  name: z.string().min(1).max(200),
  q: z.string().max(500),
  url: z.string().max(2000),
  file: z.string().max(500),
  text: z.string().max(5000),
};

const judges = new Map<Place, ReturnType<typeof createTextJudge>>(
  (["path", "query", "header", "body"] as const).map((place) => [place, createTextJudge(place)]),
);

/** Whether the shield alone refuses a text in such a field. */
export function isRefused(place: Place, text: string, profile: TextProfile): boolean {
  return judges.get(place)?.judge(text, profile) !== undefined;
}

/** Whether a typed route refuses an attack: by its schema, or by the shield. */
export function isStoppedOnTypedRoute(attack: Attack): boolean {
  const schema = typedFields[attack.field];
  return (schema !== undefined && !schema.safeParse(attack.text).success) || isStoppedByShield(attack);
}

/** Whether the shield stops an attack in a field that nothing is declared of. */
export function isStoppedByShield({ field, text }: Attack): boolean {
  if (field === "key") return judges.get("query")?.judgeName(text) !== undefined;
  return isRefused(field === "header" ? "header" : "body", text, "typed");
}

/** Attacks that can be sent as a text: names of parameters and headers are never free text. */
export function isText({ field }: Attack): boolean {
  return field !== "key" && field !== "header";
}

/** Whether a harmless text is refused where it belongs. */
export function isRefusedByMistake({ context, text }: Benign): boolean {
  if (context === "key") return judges.get("query")?.judgeName(text) !== undefined;
  if (context === "header") return isRefused("header", text, "typed");
  return isRefused("body", text, context);
}

/** Every figure that is published. */
export function measureRates() {
  const attacks = readAttacks();
  const benign = readBenign();
  const tuning = attacks.filter(({ text }) => !isHeldOut(text));
  const heldOut = attacks.filter(({ text }) => isHeldOut(text));
  const texts = benign.filter(({ context }) => context === "typed" || context === "free" || context === "rich");
  const free = (attack: Attack) => isRefused("body", attack.text, "free");
  const rich = (attack: Attack) => isRefused("body", attack.text, "rich");
  return {
    typed: { tuning: rate(tuning, isStoppedOnTypedRoute), heldOut: rate(heldOut, isStoppedOnTypedRoute) },
    shield: { tuning: rate(tuning, isStoppedByShield), heldOut: rate(heldOut, isStoppedByShield) },
    free: { tuning: rate(tuning.filter(isText), free), heldOut: rate(heldOut.filter(isText), free) },
    richScripts: {
      tuning: rate(
        tuning.filter(({ kind, field }) => kind === "xss" && field !== "name"),
        rich,
      ),
      heldOut: rate(
        heldOut.filter(({ kind, field }) => kind === "xss" && field !== "name"),
        rich,
      ),
    },
    benign: rate(benign, isRefusedByMistake),
    /** Texts and rich texts in a field that nobody declared as such: what forgetting it costs. */
    undeclared: rate(
      texts.filter(({ context }) => context !== "typed"),
      ({ text }) => isRefused("body", text, "typed"),
    ),
    undeclaredLanguages: rate(
      texts.filter(({ subject }) => subject === "languages"),
      ({ text }) => isRefused("body", text, "typed"),
    ),
    byClass: groups(attacks, "kind", isStoppedOnTypedRoute),
    byClassFree: groups(attacks.filter(isText), "kind", free),
    bySubject: groups(benign, "subject", isRefusedByMistake),
  };
}

function rate<Item>(items: readonly Item[], test: (item: Item) => boolean): Rate {
  return { count: items.filter(test).length, of: items.length };
}

function groups<Item, Key extends keyof Item>(
  items: readonly Item[],
  key: Key,
  test: (item: Item) => boolean,
): ReadonlyMap<Item[Key], Rate> {
  const keys = [...new Set(items.map((item) => item[key]))];
  return new Map(
    keys.map((value) => [
      value,
      rate(
        items.filter((item) => item[key] === value),
        test,
      ),
    ]),
  );
}
