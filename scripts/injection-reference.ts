import { attackClasses } from "../src/lib/injection/classes/registry.gen.ts";
import { measureRates, type Rate } from "../test/injection/rates.ts";

/** The parts of the reference page of the injection shield: its classes, and what they were measured to do. */
export function injectionParts(
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string[] {
  const rates = measureRates();
  return [
    "## Attack classes",
    table(
      ["class", "what it does", "looked for in", "stops"],
      attackClasses.map(({ name, summary, places, stops }) => [
        `\`${name}\``,
        summary,
        places.join(", "),
        stops.join(", "),
      ]),
    ),
    "## Detection",
    "Attacks are in `test/injection/attacks`. A third of them, chosen by a hash of their text, was kept out of sight while the detectors were written. *Typed route*: the field's schema or the shield stops it. *Shield alone*: the same fields without any schema. *Free text*, *rich text*: the same texts sent into a field that is declared as such; in HTML, break-outs of attributes and scripts, and markup in character references, are harmless and so not stopped.",
    table(
      ["", "fitted to", "kept out"],
      [
        ["typed route", ...pair(rates.typed)],
        ["shield alone", ...pair(rates.shield)],
        ["declared free text", ...pair(rates.free)],
        ["scripts in declared rich text", ...pair(rates.richScripts)],
      ],
    ),
    table(
      ["class", "typed route", "free text"],
      [...rates.byClass].map(([kind, rate]) => [kind, percent(rate), percent(rates.byClassFree.get(kind))]),
    ),
    "## Harmless texts",
    `Harmless texts are in \`test/injection/benign\`, each judged where it belongs: **${percent(rates.benign)}** are refused. Of the texts that belong in free or rich text, ${percent(rates.undeclared)} would be refused in a field that nobody declared; nearly all of these hold code, markup, payloads or quoted mail.`,
    table(
      ["subject", "refused"],
      [...rates.bySubject].map(([subject, { count, of }]) => [subject, `${count} of ${of}`]),
    ),
  ];
}

function pair({ tuning, heldOut }: { readonly tuning: Rate; readonly heldOut: Rate }): readonly [string, string] {
  return [percent(tuning), percent(heldOut)];
}

function percent(rate: Rate | undefined): string {
  if (!rate || rate.of === 0) return "–";
  return `${((100 * rate.count) / rate.of).toFixed(1)} % (${rate.count} of ${rate.of})`;
}
