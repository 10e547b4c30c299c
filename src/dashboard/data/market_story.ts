// The story of one market, read while its screen is open and told on as the journal grows.
import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import type { Event, Problem } from "./api.ts";
import { head } from "./live.ts";
import { at } from "./place.ts";
import { askLines } from "./rest.ts";
import { Teller, type Story } from "./story.ts";

/** Events read at once; while there are more the next ones follow at once. */
const kPage = 5_000;
/** Charts follow once a second. */
const kPauseMs = 1_000;

export interface Told {
  /** Grows in place; another `version` says that it did. */
  story: Story;
  version: number;
  problem: Problem | null;
}

export function useStory(market: string, names: string[]): ReadonlySignal<Told> {
  const told = useMemo(() => new Teller(names), [market]);
  const shown = useMemo(() => signal<Told>({ story: told.story, version: 0, problem: null }), [market]);
  useLayoutEffect(() => follow(market, told, shown), [market]);
  return shown;
}

function follow(market: string, teller: Teller, shown: Signal<Told>): () => void {
  const stop = new AbortController();
  let reached = 0;
  let busy = false;
  const read = async () => {
    const last = head.peek()?.seq ?? at.peek() ?? 0;
    if (busy || reached >= last) return;
    busy = true;
    const answer = await askLines<Event>(`/v1/query/events?market=${encodeURIComponent(market)}&from=${reached + 1}&limit=${kPage}`, stop.signal);
    if (stop.signal.aborted) return;
    const { version } = shown.peek();
    let full = false;
    if ("problem" in answer) shown.value = { story: teller.story, version, problem: answer.problem };
    else {
      const newest = answer.answer.at(-1)?.seq ?? 0;
      full = answer.answer.length === kPage;
      reached = full ? newest : Math.max(last, newest);
      for (const event of answer.answer) teller.tell(event);
      if (newest > 0) shown.value = { story: teller.story, version: version + 1, problem: null };
    }
    setTimeout(() => {
      busy = false;
      if (!stop.signal.aborted) void read();
    }, full ? 0 : kPauseMs);
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
