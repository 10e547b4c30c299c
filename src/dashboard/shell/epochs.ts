import { effect, signal } from "@preact/signals";
import type { Event } from "../data/api.ts";
import { line } from "../data/live.ts";
import { askLines } from "../data/rest.ts";

/** The named beginnings that are recorded, oldest first. */
export const epochs = signal<string[]>([]);

async function read(): Promise<void> {
  const told = await askLines<Event>("/v1/events?type=epoch");
  if ("answer" in told) epochs.value = [...new Set(told.answer.map((event) => String(event["name"])))];
}

/** Reads them when the line is up, and again after it was lost. */
export function followEpochs(): void {
  effect(() => {
    if (line.value === "up") void read();
  });
}

/** Takes note of the epoch an answer counts from: it may have begun just now. */
export function noteEpoch(name: string | undefined): void {
  if (name !== undefined && !epochs.peek().includes(name)) void read();
}
