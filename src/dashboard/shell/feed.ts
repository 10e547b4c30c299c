import { signal } from "@preact/signals";
import type { Coverage } from "../data/api.ts";

/** When a market feed last brought something, in ms since 1970; null without one. */
export const feedHeard = signal<number | null>(null);

/** Newest of the channels that never rest while a market is open. */
export function lastOfFeeds(coverage: Coverage[]): number | null {
  const times = coverage.filter((row) => row.channel === "market").map((row) => Date.parse(row.last_received));
  return times.length === 0 ? null : Math.max(...times);
}
