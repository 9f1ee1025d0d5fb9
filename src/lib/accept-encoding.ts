/**
 * Which of the offered content codings an Accept-Encoding field takes (RFC 9110 section 12.5.3), in the order of the
 * offer. A coding of weight zero is not taken; a star stands for those that are not named. No field takes none here,
 * although it would allow any: whoever says nothing may be a client that can undo nothing.
 */
export function acceptedCodings<Coding extends string>(
  field: string | undefined,
  offered: readonly Coding[],
): readonly Coding[] {
  if (field === undefined || field === "") return [];
  const weights = new Map<string, boolean>();
  for (const item of field.split(",", 32)) {
    const [name = "", ...parameters] = item.split(";").map((text) => text.trim().toLowerCase());
    if (name !== "") weights.set(name, !parameters.some((text) => /^q=0(?:\.0{0,3})?$/.test(text)));
  }
  const others = weights.get("*") === true;
  return offered.filter((coding) => weights.get(coding) ?? others);
}
