// All that was recorded of one market, kept while its screen is open and read on as the journal
// grows. Events never change, so any past moment is a prefix of the list.
import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import type { Event, Problem } from "./api.ts";
import { head } from "./live.ts";
import { at } from "./place.ts";
import { askLines } from "./rest.ts";

/** What is read at once; a busy quarter of an hour has fewer. */
const kPage = 20_000;
const kPauseMs = 500;

export interface MarketEvents {
  events: Event[];
  problem: Problem | null;
  /** False until the first answer. */
  read: boolean;
}

export function useMarketEvents(market: string): ReadonlySignal<MarketEvents> {
  const shown = useMemo(() => signal<MarketEvents>({ events: [], problem: null, read: false }), [market]);
  useLayoutEffect(() => follow(market, shown), [market]);
  return shown;
}

function follow(market: string, shown: Signal<MarketEvents>): () => void {
  const stop = new AbortController();
  let reached = 0;
  let busy = false;
  const read = async () => {
    const last = head.peek()?.seq ?? at.peek() ?? 0;
    if (busy || reached >= last) return;
    busy = true;
    const told = await askLines<Event>(`/v1/query/events?market=${encodeURIComponent(market)}&from=${reached + 1}&limit=${kPage}`, stop.signal);
    if (stop.signal.aborted) return;
    if ("problem" in told) shown.value = { ...shown.peek(), problem: told.problem, read: true };
    else {
      const newest = told.answer.at(-1)?.seq ?? 0;
      reached = told.answer.length === kPage ? newest : Math.max(last, newest);
      if (newest > 0 || !shown.peek().read) shown.value = { events: [...shown.peek().events, ...told.answer], problem: null, read: true };
    }
    setTimeout(() => {
      busy = false;
      if (!stop.signal.aborted) void read();
    }, kPauseMs);
  };
  const unfollow = effect(() => {
    void head.value;
    void at.value;
    void read();
  });
  return () => {
    stop.abort();
    unfollow();
  };
}
