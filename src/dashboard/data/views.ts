// What screens read: `useView("positions")` is a signal with the newest answer, live, or the one as
// of the chosen moment.
import { batch, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { connect, watch, type View } from "./live.ts";
import { at, epoch, mode } from "./place.ts";
import { ask } from "./rest.ts";

/** Answers with figures that flow, and so depend on the epoch they count from. */
const kFlows = new Set(["pnl", "positions", "execution", "daily", "groups"]);
/** Answers that have no mode. */
const kWithoutMode = new Set(["markets", "book", "liquidity", "health", "status", "projections", "events"]);
/** Answers about this moment only: the past has none. */
const kNowOnly = new Set(["status", "projections"]);
const kNothing: View<unknown> = { answer: null, problem: null };

interface Entry {
  shown: Signal<View<unknown>>;
  latest: View<unknown>;
  users: number;
  asking: AbortController | null;
  stale: boolean;
  /** Shown as it is now, wherever the reader is. */
  nowOnly: boolean;
  /** Asked for when all others have been answered: a long answer keeps short ones waiting. */
  later: boolean;
}

const entries = new Map<string, Entry>();
/** Space holds the picture still; the record goes on. */
export const paused = signal(false);
const dirty = new Set<string>();
let frame = 0;

/** What comes after /v1/query/ for `name` where the reader is. */
function pathOf(name: string, also: Record<string, string>): string {
  const query = new URLSearchParams(also);
  if (epoch.value !== null && kFlows.has(name)) query.set("epoch", epoch.value);
  if (mode.value !== null && !kWithoutMode.has(name)) query.set("mode", mode.value);
  const tail = query.toString();
  return tail ? `${name}?${tail}` : name;
}

/** The answer to `name` (with parameters such as market) where the reader is. */
export function useView<T>(name: string, also: Record<string, string> = {}, later = false): ReadonlySignal<View<T>> {
  const path = pathOf(name, also);
  const entry = useMemo(() => entryOf(path, later), [path]);
  useLayoutEffect(() => {
    use(path, entry, 1);
    return () => use(path, entry, -1);
  }, [path]);
  return entry.shown as Signal<View<T>>;
}

/** The same for what stands beside the main thing of a screen. */
export const useLaterView = <T>(name: string): ReadonlySignal<View<T>> => useView<T>(name, {}, true);

function entryOf(path: string, later: boolean): Entry {
  let entry = entries.get(path);
  if (entry) entry.later &&= later;
  else {
    entry = { shown: signal(kNothing), latest: kNothing, users: 0, asking: null, stale: false, nowOnly: kNowOnly.has(path.split("?")[0] as string), later };
    entries.set(path, entry);
  }
  return entry;
}

function use(path: string, entry: Entry, change: 1 | -1): void {
  entry.users += change;
  entries.set(path, entry);
  queueMicrotask(rewatch);
}

let said = "";
function rewatch(): void {
  for (const [path, entry] of entries) if (entry.users === 0) entries.delete(path);
  if (at.peek() !== null) {
    for (const [path, entry] of entries) if (!entry.asking && !entry.nowOnly && entry.shown.peek() === kNothing) void askThen(path, entry);
  }
  const waits = [...entries.values()].some((entry) => !entry.later && entry.latest === kNothing);
  const live = [...entries].filter(([, entry]) => (at.peek() === null && !(entry.later && waits)) || entry.nowOnly).map(([path]) => path).sort();
  if (said === JSON.stringify(live)) return;
  said = JSON.stringify(live);
  watch(live);
}

/** One question at a time for each view; while it is under way only the newest moment is remembered. */
async function askThen(path: string, entry: Entry): Promise<void> {
  if (entry.asking) {
    entry.stale = true;
    return;
  }
  const moment = at.peek();
  if (moment === null) return;
  entry.asking = new AbortController();
  entry.stale = false;
  const told = await ask(`/v1/query/${path}${path.includes("?") ? "&" : "?"}at=${moment}`, entry.asking.signal);
  entry.asking = null;
  if (at.peek() === null) return;
  entry.shown.value = "problem" in told ? { answer: null, problem: told.problem } : { answer: told.answer, problem: null };
  if (entry.stale) void askThen(path, entry);
}

function show(): void {
  frame = 0;
  if (paused.peek()) return;
  const live = at.peek() === null;
  batch(() => {
    for (const path of dirty) {
      const entry = entries.get(path);
      if (entry && (live || entry.nowOnly)) entry.shown.value = entry.latest;
    }
  });
  dirty.clear();
}

function schedule(): void {
  if (!frame && !paused.peek()) frame = requestAnimationFrame(show);
}

/** Starts the line to the recorder and follows the reader between live and the past. */
export function startViews(): void {
  connect((path, told) => {
    const entry = entries.get(path);
    if (!entry) return;
    if (entry.latest === kNothing) queueMicrotask(rewatch);
    entry.latest = told;
    dirty.add(path);
    schedule();
  });
  effect(() => {
    if (at.value === null) backToLive();
    else for (const [path, entry] of entries) if (!entry.nowOnly) void askThen(path, entry);
    rewatch();
  });
  effect(() => {
    if (!paused.value) schedule();
  });
}

function backToLive(): void {
  for (const [path, entry] of entries) {
    entry.asking?.abort();
    dirty.add(path);
  }
  schedule();
}
