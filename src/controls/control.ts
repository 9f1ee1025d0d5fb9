import type { ControlReference } from "./control-reference.ts";

/** The part of a headless stack that a control belongs to; also the first word of its id. */
export type ControlArea = "api" | "frontend" | "secrets" | "monitoring";

/** How much a failed control costs, worst first. One `critical` failure alone bars a good grade. */
export type ControlSeverity = "critical" | "high" | "medium" | "low";

/**
 * One row of the checklist: a statement that must be true of the whole stack.
 *
 * A control lists nobody. Guards, probes and detectors name the control they serve, so a new one never edits this file;
 * the reverse index is computed.
 */
export interface Control<Id extends string = string> {
  /** Kebab-case, equal to the file name, the id in reports and the docs anchor. */
  readonly id: Id;
  readonly area: ControlArea;
  /** The statement itself, true or false of a stack, in one sentence. */
  readonly title: string;
  /** The attack and its consequence, in words that serve a developer and an auditor alike. */
  readonly why: string;
  /** What to do, with the policy key where one exists and without Headgate as well. Backticks mark code. */
  readonly remediation: string;
  /** The cost of a complete failure. A finding about a lesser one may weigh less, never more. */
  readonly severity: ControlSeverity;
  /** `automatic`: a machine can observe the truth. `attested`: at best a machine can verify what people declare. */
  readonly proof: "automatic" | "attested";
  readonly references: readonly ControlReference[];
}

/** States a control and keeps its id as a literal type, so that a misspelt id elsewhere is a compile error. */
export function defineControl<const Id extends string>(control: Control<Id>): Control<Id> {
  return control;
}
