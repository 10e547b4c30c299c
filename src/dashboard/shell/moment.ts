// The event the past is looked at from: its time and what it was.
import { effect, signal } from "@preact/signals";
import type { Event } from "../data/api.ts";
import { at } from "../data/place.ts";
import { askLines } from "../data/rest.ts";
import { head } from "../data/live.ts";

export const atEvent = signal<Event | null>(null);
export const atTime = signal<string | null>(null);
/** Where `[` and `]` stop; null: at every event. A screen about one market sets its events. */
export const stops = signal<number[] | null>(null);

export function clockOf(event: Event): string {
  return event.origin === "import" ? event.time ?? event.received : event.received;
}

/** Keeps `atEvent` at the chosen moment; the newest wish wins. */
export function followMoment(): void {
  let asking: AbortController | null = null;
  effect(() => {
    const seq = at.value;
    asking?.abort();
    if (seq === null) {
      atEvent.value = null;
      atTime.value = null;
      return;
    }
    asking = new AbortController();
    void askLines<Event>(`/v1/events?from=${seq}&limit=1`, asking.signal).then((told) => {
      const found = "answer" in told ? told.answer[0] : undefined;
      if (!found || at.peek() !== seq) return;
      atEvent.value = found;
      atTime.value = clockOf(found);
    });
  });
}

/** One event back or on; on from the last one is live. */
export function step(by: 1 | -1): void {
  const last = head.value?.seq ?? at.value ?? 1;
  const from = at.value ?? last;
  const places = stops.value;
  const next = places
    ? (by > 0 ? places.find((seq) => seq > from) : places.findLast((seq) => seq < from))
    : from + by;
  if (next === undefined || next < 1) return;
  at.value = next >= last && by > 0 ? null : next;
}
