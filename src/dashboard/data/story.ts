// From the events of a market to what its charts draw: the best prices of each outcome over time,
// depth, fills, orders that rested. Told in order and kept as it grows: any past moment is what was
// told up to its sequence. Numbers here are places on the screen, and exact micro-shares.
import type { Decimal, Event, Sequence, Time } from "./api.ts";

/** The best prices of one outcome from a moment on; null: none, or not known. */
export interface Quote {
  seq: Sequence;
  time: number;
  bid: Decimal | null;
  ask: Decimal | null;
  /** Where they are drawn; NaN: nowhere. */
  bidAt: number;
  askAt: number;
}

/** Shares at all levels of one outcome's book, in micro-shares. */
export interface Depth {
  seq: Sequence;
  time: number;
  side: 0 | 1;
  bids: number;
  asks: number;
}

export interface Print {
  seq: Sequence;
  time: number;
  outcome: number;
  side: string;
  shares: Decimal;
  cost: Decimal;
  order: string | null;
  /** The event that made it void. */
  voided: Sequence | null;
}

export interface Rest {
  order: string;
  outcome: number;
  price: Decimal;
  shares: Decimal;
  seq: Sequence;
  from: number;
  /** null: still rests. */
  to: number | null;
  until: Sequence | null;
  /** Filled so far, as a place between none and all. */
  filled: number;
}

export interface Story {
  quotes: [Quote[], Quote[]];
  depths: Depth[];
  prints: Print[];
  rests: Rest[];
  /** Of all events but ticks: when, by sequence. */
  times: Map<Sequence, number>;
  span: [number, number] | null;
}

type Levels = Map<Decimal, Decimal>;
interface Book { bids: Levels; asks: Levels }

export const seconds = (time: Time): number => Date.parse(time) / 1000;
export const timeOf = (event: Event): number => seconds(event.time ?? event.received);

const kTicks = new Set(["book", "book_change", "quote", "trade", "price"]);
const kOver = new Set(["matched", "filled", "canceled", "expired", "rejected"]);

/** Takes the events of a market whose outcomes are called `names`, in order, a few at a time. */
export class Teller {
  readonly story: Story = { quotes: [[], []], depths: [], prints: [], rests: [], times: new Map(), span: null };
  private readonly books: [Book, Book] = [emptyBook(), emptyBook()];
  private readonly wishes = new Map<string, Event>();

  constructor(private readonly names: string[]) {}

  tell(event: Event): void {
    const time = timeOf(event);
    const [from, to] = this.story.span ?? [time, time];
    this.story.span = [Math.min(from, time), Math.max(to, time)];
    if (kTicks.has(event.type)) {
      if (event.type !== "trade" && event.type !== "price") this.tick(event, time);
      return;
    }
    this.story.times.set(event.seq, time);
    if (event.type === "order_intent") this.wishes.set(String(event["order"]), event);
    else if (event.type === "order_status") this.status(event, time);
    else if (event.type === "fill") this.fill(event, time);
    else if (event.type === "fill_settlement" && event["status"] === "failed") this.failed(event);
  }

  /** A name, or 0 and 1. */
  private placeOf(outcome: unknown): 0 | 1 {
    const at = this.names.indexOf(String(outcome));
    return at === 1 || (at < 0 && String(outcome) === "1") ? 1 : 0;
  }

  private tick(event: Event, time: number): void {
    const side = this.placeOf(event["outcome"]);
    if (event.type === "quote") {
      this.quote(side, { seq: event.seq, time, bid: text(event["bid"]), ask: text(event["ask"]) });
      return;
    }
    const book = this.books[side];
    if (event.type === "book") {
      book.bids = levels(event["bids"]);
      book.asks = levels(event["asks"]);
    } else {
      change(book, event);
    }
    this.story.depths.push({ seq: event.seq, time, side, bids: total(book.bids), asks: total(book.asks) });
    this.quote(side, { seq: event.seq, time, bid: best(book.bids, 1), ask: best(book.asks, -1) });
  }

  private quote(side: 0 | 1, { seq, time, bid, ask }: Omit<Quote, "bidAt" | "askAt">): void {
    const before = this.story.quotes[side].at(-1);
    if (before?.bid === bid && before.ask === ask) return;
    this.story.quotes[side].push({ seq, time, bid, ask, bidAt: Number(bid ?? NaN), askAt: Number(ask ?? NaN) });
  }

  private status(event: Event, time: number): void {
    const order = String(event["order"] ?? event["venue_order"]);
    const open = this.story.rests.findLast((rest) => rest.order === order && rest.to === null);
    if (event["status"] === "live" && !open) {
      const wish = this.wishes.get(order) ?? event;
      const price = text(wish["price"]);
      if (price === null) return;
      this.story.rests.push({
        order, price, outcome: this.placeOf(wish["outcome"]), shares: String(wish["shares"]),
        seq: event.seq, from: time, to: null, until: null, filled: 0,
      });
    } else if (open && kOver.has(String(event["status"]))) {
      end(open, event.seq, time);
    }
  }

  private fill(event: Event, time: number): void {
    const order = text(event["order"]);
    this.story.prints.push({
      seq: event.seq, time, outcome: this.placeOf(event["outcome"]), side: String(event["side"]),
      shares: String(event["shares"]), cost: String(event["cost"]), order, voided: null,
    });
    const open = this.story.rests.findLast((rest) => rest.order === order && rest.to === null);
    if (!open) return;
    open.filled += Number(event["shares"]);
    if (open.filled >= Number(open.shares) - kFilledWithin) end(open, event.seq, time);
  }

  private failed(event: Event): void {
    const print = this.story.prints.findLast((print) => print.order === event["order"]);
    if (print) print.voided = event.seq;
  }
}

/** An order is filled when its fills reach its shares less this (contract §3). */
const kFilledWithin = 0.01;

const emptyBook = (): Book => ({ bids: new Map(), asks: new Map() });
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const levels = (value: unknown): Levels => new Map((value ?? []) as [Decimal, Decimal][]);

/** `changes` tell new totals, `deltas` what is more or less than before. */
function change(book: Book, event: Event): void {
  type Change = [string, Decimal, Decimal];
  for (const [side, price, shares] of (event["changes"] ?? []) as Change[]) put(book, side, price, micros(shares), shares);
  for (const [side, price, more] of (event["deltas"] ?? []) as Change[]) {
    const shares = micros((side === "buy" ? book.bids : book.asks).get(price) ?? "0") + micros(more);
    put(book, side, price, shares, sharesOf(shares));
  }
}

function put(book: Book, side: string, price: Decimal, micros: number, shares: Decimal): void {
  const levels = side === "buy" ? book.bids : book.asks;
  if (micros <= 0) levels.delete(price);
  else levels.set(price, shares);
}

/** Exact: whole micro-shares below 2^53. */
function micros(shares: Decimal): number {
  const [whole = "0", rest = ""] = shares.split(".");
  return Number(whole + rest.padEnd(6, "0"));
}

/** Decimal text of micro-shares. */
export function sharesOf(micros: number): Decimal {
  const digits = String(Math.abs(micros)).padStart(7, "0");
  const rest = digits.slice(-6).replace(/0+$/, "");
  return `${micros < 0 ? "-" : ""}${digits.slice(0, -6)}${rest && `.${rest}`}`;
}

function total(levels: Levels): number {
  let sum = 0;
  for (const shares of levels.values()) sum += micros(shares);
  return sum;
}

function best(levels: Levels, sign: 1 | -1): Decimal | null {
  let found: Decimal | null = null;
  let place = -Infinity;
  for (const price of levels.keys()) {
    const here = sign * Number(price);
    if (here > place) [found, place] = [price, here];
  }
  return found;
}

function end(rest: Rest, seq: Sequence, time: number): void {
  rest.to = time;
  rest.until = seq;
}

/** What `story` was when `seq` was the last event. */
export function toldUpTo(story: Story, seq: Sequence): Story {
  const then = <T extends { seq: Sequence }>(all: T[]): T[] => all.slice(0, countUpTo(all, seq));
  const quotes: [Quote[], Quote[]] = [then(story.quotes[0]), then(story.quotes[1])];
  const depths = then(story.depths);
  const prints = then(story.prints).map((print) => ({ ...print, voided: print.voided !== null && print.voided <= seq ? print.voided : null }));
  const rests = then(story.rests).map((rest) => (rest.until !== null && rest.until <= seq ? rest : { ...rest, to: null, until: null }));
  const times = new Map([...story.times].filter(([at]) => at <= seq));
  const ends = [quotes[0].at(-1)?.time, quotes[1].at(-1)?.time, depths.at(-1)?.time, ...times.values()].filter((time) => time !== undefined);
  return { quotes, depths, prints, rests, times, span: story.span && ends.length > 0 ? [story.span[0], Math.max(...ends)] : null };
}

/** How many of `all`, which stand in order, are not later than `seq`. */
function countUpTo(all: { seq: Sequence }[], seq: Sequence): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Holes of the feeds that bring markets: the bounds a `gap` names, else from the word of a loss to
 * that of its end. `until`: where a hole that goes on is cut. */
export function holesOf(feed: Event[], until: number): [number, number][] {
  const holes: [number, number][] = [];
  const open = new Map<string, number>();
  for (const event of feed) {
    const channel = `${event.venue} ${String(event["channel"])}`;
    const since = open.get(channel);
    const [from, to] = String(event["detail"] ?? "").match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
    if (event["state"] === "gap" && from && to) holes.push([seconds(from), seconds(to)]);
    else if (kHole.has(String(event["state"]))) open.set(channel, since ?? timeOf(event));
    else if (since !== undefined) {
      holes.push([since, timeOf(event)]);
      open.delete(channel);
    }
  }
  for (const from of open.values()) holes.push([from, until]);
  return holes;
}

const kHole = new Set(["lost", "stale", "gap"]);
