// Resets: the plan first, then the act. Both take the admin token, which lives in this page's memory
// and nowhere else.
import { signal } from "@preact/signals";
import type { Decimal, Problem, Sequence } from "./api.ts";
import { tell } from "./rest.ts";

export interface ResetPlan {
  kind: "reset_plan";
  plan: string;
  head: { seq: Sequence; chain: string };
  drop: { projection: string; tables: { name: string; rows: number }[]; rows: number; bytes: number; digest: string }[];
  keep: Record<string, number>;
  replay: { events: number; by_type: Record<string, number>; expected_seconds: Decimal | null };
  source_events_deleted: number;
  source_bytes_deleted: number;
}

export interface Outcome {
  projection: string;
  generation: number;
  rows_before: number;
  rows_after: number;
  digest_before: string;
  digest_after: string;
  changed: boolean;
  change: string | null;
}

export interface Applied {
  kind: "reset";
  plan: string;
  projections: Outcome[];
  source_events_deleted: number;
}

interface Act {
  doing: "planning" | "applying" | null;
  plan: ResetPlan | null;
  applied: Applied | null;
  problem: Problem | null;
}

const kNothing: Act = { doing: null, plan: null, applied: null, problem: null };
export const admin = signal("");
export const act = signal<Act>(kNothing);

export async function plan(names: string[]): Promise<void> {
  act.value = { ...kNothing, doing: "planning" };
  const told = await tell<ResetPlan>("/v1/projections/plan", { names }, admin.peek());
  act.value = "problem" in told ? { ...kNothing, problem: told.problem } : { ...kNothing, plan: told.answer };
}

/** `grown`: also when events were recorded since the plan was made. */
export async function apply(planned: ResetPlan, grown: boolean): Promise<void> {
  act.value = { ...kNothing, plan: planned, doing: "applying" };
  const told = await tell<Applied>("/v1/projections/apply", { plan: planned.plan, grown }, admin.peek());
  act.value = "problem" in told ? { ...kNothing, plan: planned, problem: told.problem } : { ...kNothing, applied: told.answer };
}

export function forget(): void {
  act.value = kNothing;
}
