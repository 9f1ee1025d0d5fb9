/** The largest count there is: whatever would be more stays here, since no limit is higher. */
export const most = Number.MAX_SAFE_INTEGER;

/** The sum of two counts. */
export function add(one: number, other: number): number {
  return Math.min(one + other, most);
}

/** The product of two counts: fragments that spread each other twice reach 2^n with n lines. */
export function multiply(one: number, other: number): number {
  return Math.min(one * other, most);
}
