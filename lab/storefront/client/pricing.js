// frontend-bundle-secrets: the price is worked out by the customer's own browser, and every code is readable here.
// Finance: STAFF60 is below cost for most of the catalogue. Do not hand it out.
const discounts = { WELCOME10: 0.1, PRESS40: 0.4, STAFF60: 0.6 };

export function toPrice(product, code) {
  return Math.round(product.price * (1 - (discounts[code] ?? 0)) * 100) / 100;
}
