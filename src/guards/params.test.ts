import { z } from "zod";
import { testGuard } from "../../test/support/test-guard.ts";
import { jsonSchema } from "../lib/schema.ts";
import { params } from "./params.ts";

const id = z.object({ id: z.uuid() });
const uuid = "d59d2a7e-fccb-5590-abf4-479b00126f73";

testGuard(params, {
  passes: [
    { name: "an id that fits", options: id, exchange: { params: { id: uuid } } },
    {
      name: "an id that fits a JSON Schema",
      options: jsonSchema({ type: "object", properties: { id: { type: "string", pattern: "^[0-9]+$" } } }),
      exchange: { params: { id: "42" } },
    },
  ],
  denies: [
    { name: "an id that is none", options: id, exchange: { params: { id: "1 or 1=1" } }, problem: "invalid-path" },
    { name: "a missing parameter", options: id, exchange: { params: {} }, problem: "invalid-path" },
  ],
});
