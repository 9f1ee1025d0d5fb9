/** Every word that an answer uses for what is wrong with a value. */
export const fieldReasons = [
  "required",
  "wrong-type",
  "too-small",
  "too-big",
  "too-short",
  "too-long",
  "pattern",
  "format",
  "not-allowed-value",
  "unknown-key",
  "invalid",
] as const;
export type FieldReason = (typeof fieldReasons)[number];

/** The most fields that one answer names: enough for a form, too few to map a schema with one request. */
export const maxFields = 20;
