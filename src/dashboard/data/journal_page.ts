// One page of the journal: up to 500 events that pass the filter, in order. It follows the end, or
// stands where the reader turned to.
import { batch, effect, signal } from "@preact/signals";
import type { Event, Problem, Sequence } from "./api.ts";
import { head } from "./live.ts";
import { at } from "./place.ts";
import { askLines, type Told } from "./rest.ts";
import { paused } from "./views.ts";

const kPage = 500;
/** How far back the first look for rare events goes; each next one goes eight times as far. */
const kSpan = 2_000;

export const type = signal<string | null>(null);
export const market = signal<string | null>(null);
export const rows = signal<Event[]>([]);
export const problem = signal<Problem | null>(null);
export const reading = signal(true);
export const follows = signal(true);

let asking: AbortController | null = null;

/** The last event that counts: the chosen moment, else the end of the journal. */
const end = (): Sequence => at.peek() ?? head.peek()?.seq ?? 0;

/** Events of the filter in [from, to] (null: to the end), the first `limit` of them. */
function ask(from: Sequence, to: Sequence | null, limit: number | null, signal: AbortSignal): Promise<Told<Event[]>> {
  const query = new URLSearchParams({ from: String(from) });
  if (to !== null) query.set("to", String(to));
  if (limit !== null) query.set("limit", String(limit));
  if (type.peek() !== null) query.set("type", type.peek() as string);
  if (market.peek() !== null) query.set("market", market.peek() as string);
  return askLines<Event>(`/v1/query/events?${query}`, signal);
}

/** The last page of events up to `last`. */
async function back(last: Sequence, signal: AbortSignal): Promise<Told<Event[]>> {
  const filtered = type.peek() !== null || market.peek() !== null;
  for (let span = filtered ? kSpan : kPage; ; span *= 8) {
    const first = Math.max(1, last - span + 1);
    const told = await ask(first, last, null, signal);
    if ("problem" in told) return told;
    if (told.answer.length >= kPage || first === 1) return { answer: told.answer.slice(-kPage) };
  }
}

/** Only the newest question's answer is shown. */
async function turn(question: (signal: AbortSignal) => Promise<Told<Event[]>>): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  reading.value = true;
  const told = await question(mine.signal);
  if (mine.signal.aborted) return;
  asking = null;
  batch(() => {
    reading.value = false;
    problem.value = "problem" in told ? told.problem : null;
    if ("answer" in told) rows.value = told.answer;
  });
}

export function latest(): void {
  follows.value = at.peek() === null;
  void turn((signal) => (end() === 0 ? Promise.resolve({ answer: [] }) : back(end(), signal)));
}

export function earlier(): void {
  const first = rows.peek()[0]?.seq ?? 1;
  follows.value = false;
  if (first > 1) void turn((signal) => back(first - 1, signal));
}

export function later(): void {
  const last = rows.peek().at(-1)?.seq ?? 0;
  if (last < end()) void turn((signal) => ask(last + 1, end(), kPage, signal));
}

/** A page with that event in it, whatever the filter lets pass beside it. */
export function around(seq: Sequence): void {
  follows.value = false;
  const first = Math.max(1, seq - 100);
  void turn((signal) => ask(first, at.peek(), kPage, signal));
}

/** What came since, to the page that follows; a page at a time when much did. */
async function grow(): Promise<void> {
  if (asking || reading.peek() || end() === 0) return;
  const last = rows.peek().at(-1)?.seq ?? 0;
  const upTo = end();
  if (last >= upTo) return;
  const mine = (asking = new AbortController());
  const told = upTo - last > 4 * kPage ? await back(upTo, mine.signal) : await ask(last + 1, upTo, null, mine.signal);
  if (mine.signal.aborted) return;
  asking = null;
  problem.value = "problem" in told ? told.problem : null;
  if ("problem" in told) return; // the next head asks again
  if (told.answer.length > 0) rows.value = [...rows.peek(), ...told.answer].slice(-kPage);
  if (upTo < end()) void grow(); // more came meanwhile
}

/** Reads while the screen is open: anew with each filter and moment, further with each event. */
export function read(from: Sequence | null): () => void {
  if (from !== null) around(from);
  let first = from !== null;
  const onChoice = effect(() => {
    void [type.value, market.value, at.value];
    if (!first) latest();
    first = false;
  });
  const seen = { seq: 0 };
  const onHead = effect(() => {
    const seq = head.value?.seq ?? 0;
    if (seq === seen.seq || paused.value) return;
    const begins = seen.seq === 0;
    seen.seq = seq;
    if (begins && rows.peek().length === 0 && from === null) latest();
    else if (follows.value) void grow();
  });
  return () => {
    onChoice();
    onHead();
    asking?.abort();
    asking = null;
  };
}
