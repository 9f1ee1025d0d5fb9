import { readFileSync } from "node:fs";

/** One row of the lab's list of weaknesses. */
export interface WeaknessRow {
  readonly control: string;
  readonly title: string;
}

/** The rows of `lab/WEAKNESSES.md` whose control begins so: what the lab claims to be weak in. */
export function readWeaknesses(prefix: string): WeaknessRow[] {
  const text = readFileSync(new URL("../../lab/WEAKNESSES.md", import.meta.url), "utf8");
  return text.split("\n").flatMap((line) => {
    const [, control = "", title = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return control.startsWith(`${prefix}-`) ? [{ control, title }] : [];
  });
}

/** Whether a row is about the GraphQL endpoint, whatever its control: those have a file of their own. */
export function isOfGraphql({ control, title }: WeaknessRow): boolean {
  return control === "api-graphql" || title.startsWith("GraphQL ");
}
