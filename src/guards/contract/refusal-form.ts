import type { Refusal } from "../../problem.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Writes the refusals of a route in the form of its protocol: a content type and a body, or undefined for the usual
 * problem. It says what the problem says and no more; status and headers stay those of the problem.
 */
export type RefusalForm = (
  refusal: Refusal,
  exchange: Exchange,
) => { readonly contentType: string; readonly body: string } | undefined;
