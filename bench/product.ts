/** The response body of about 350 bytes that every contestant delivers. */
export const PRODUCT_BODY = Buffer.from(
  JSON.stringify({
    id: "0190f3c2-7a54-7cc1-8f36-5b1f5a1c9e42",
    name: "Enamel camping mug",
    description: "A sturdy two-layer enamel mug with a steel rim. Holds 350 ml, safe on an open fire, made to last.",
    price: 14.9,
    currency: "EUR",
    stock: 128,
    tags: ["outdoor", "kitchen", "enamel"],
    rating: { average: 4.7, count: 212 },
    updatedAt: "2026-10-05T09:30:00.000Z",
  }),
);
