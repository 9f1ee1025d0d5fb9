import { createFieldProfiles } from "../../src/lib/injection/field-profiles.ts";
import { createTextJudge } from "../../src/lib/injection/judge-text.ts";
import { judgeTree } from "../../src/lib/injection/judge-tree.ts";
import type { UnitCost } from "../unit.ts";

/** An order with an address, a note and its items: ids, names, prices, an apostrophe here and there. */
const order = {
  id: "d59d2a7e-fccb-5590-abf4-479b00126f73",
  customer: { name: "Conor O'Brien", email: "conor@example.ie", phone: "+353 1 555 0109", locale: "en-IE" },
  address: { street: "12 St. John's Road", city: "Dublin", postalCode: "D02 AF30", country: "IE" },
  items: [
    {
      productId: "3f1a9c52-7b8e-5d21-9f04-6a2f0c8e1b77",
      name: 'Table "Bergen", oak (120 x 80 cm)',
      quantity: 1,
      price: 349,
    },
    { productId: "a4c87f10-22de-5e90-8c3b-0d9b7e6f5a41", name: "Chair 'Oslo' & cushion", quantity: 4, price: 89.5 },
    { productId: "0b9f3a52-6c1d-5f7e-9a38-2d5e71c4b860", name: "Lamp, 230 V / 60 W", quantity: 2, price: 24.99 },
  ],
  note: "Please ring twice; the bell doesn't always work. Leave it with the neighbours (No. 14) if we're out -- thanks!",
  tags: ["gift", "express", "summer-2026"],
  consent: { newsletter: false, terms: true, version: "2026-01-01" },
  total: 756.98,
  currency: "EUR",
  callbackUrl: "https://shop.example/orders/thanks?ref=mail&campaign=summer",
};

export const injectionJson: UnitCost = {
  name: "injection-json",
  title: `the injection shield on a JSON body of ${JSON.stringify(order).length} bytes`,
  limitMicros: 25,
  async prepare() {
    const judge = createTextJudge("body");
    const fields = createFieldProfiles({ freeText: ["note"], richText: [], exempt: [] });
    return () => {
      if (judgeTree(order, judge, fields)) throw new Error("an order is no attack");
    };
  },
};
