// From the events of a market to what its charts draw: the best prices of each outcome over time,
// fills, orders that rested, holes. Pure; numbers here are places on the screen.
import type { Decimal, Event, Time } from "./api.ts";

/** The best prices of one outcome from a moment on; null: none, or not known. */
export interface Quote {
  seq: number;
  time: number;
  bid: Decimal | null;
  ask: Decimal | null;
}

export interface Print {
  seq: number;
  time: number;
  outcome: number;
  side: string;
  shares: Decimal;
  cost: Decimal;
  order: string | null;
  void: boolean;
}

export interface Rest {
  order: string;
  outcome: number;
  price: Decimal;
  side: string;
  shares: Decimal;
  from: number;
  /** null: still rests. */
  to: number | null;
  /** Filled so far, as a place between none and all. */
  filled: number;
}

export interface Story {
  quotes: [Quote[], Quote[]];
  prints: Print[];
  rests: Rest[];
  /** When each event was, by sequence. */
  times: Map<number, number>;
  span: [number, number] | null;
}

type Levels = Map<Decimal, Decimal>;
interface Book { bids: Levels; asks: Levels }

export const seconds = (time: Time): number => Date.parse(time) / 1000;
export const timeOf = (event: Event): number => seconds(event.time ?? event.received);

const kOver = new Set(["matched", "filled", "canceled", "expired", "rejected"]);

/** What `events`, in order, tell of a market whose outcomes are called `names`. */
export function storyOf(events: Event[], names: string[]): Story {
  const story: Story = { quotes: [[], []], prints: [], rests: [], times: new Map(), span: null };
  const books: [Book, Book] = [emptyBook(), emptyBook()];
  const wishes = new Map<string, Event>();
  for (const event of events) {
    story.times.set(event.seq, timeOf(event));
    switch (event.type) {
      case "book":
      case "book_change":
      case "quote":
        quote(story, books, event, names);
        break;
      case "order_intent":
        wishes.set(String(event["order"]), event);
        break;
      case "order_status":
        rest(story, wishes, event, names);
        break;
      case "fill":
        print(story, event, names);
        break;
      case "fill_settlement":
        if (event["status"] === "failed") voidPrint(story, event);
        break;
    }
  }
  story.span = spanOf(story);
  return story;
}

const emptyBook = (): Book => ({ bids: new Map(), asks: new Map() });

/** A name, a token of that name's place, or 0 and 1. */
function placeOf(outcome: unknown, names: string[]): number {
  const at = names.indexOf(String(outcome));
  return at >= 0 ? at : outcome === "1" || outcome === 1 ? 1 : 0;
}

function quote(story: Story, books: [Book, Book], event: Event, names: string[]): void {
  const outcome = placeOf(event["outcome"], names) as 0 | 1;
  const told = { seq: event.seq, time: timeOf(event) };
  if (event.type === "quote") {
    story.quotes[outcome].push({ ...told, bid: text(event["bid"]), ask: text(event["ask"]) });
    return;
  }
  const book = books[outcome];
  if (event.type === "book") {
    book.bids = levels(event["bids"]);
    book.asks = levels(event["asks"]);
  } else {
    for (const [side, price, total] of (event["changes"] ?? []) as [string, Decimal, Decimal][]) {
      const levels = side === "buy" ? book.bids : book.asks;
      if (Number(total) === 0) levels.delete(price);
      else levels.set(price, total);
    }
  }
  const next = { ...told, bid: best(book.bids, 1), ask: best(book.asks, -1) };
  const before = story.quotes[outcome].at(-1);
  if (!before || before.bid !== next.bid || before.ask !== next.ask) story.quotes[outcome].push(next);
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const levels = (value: unknown): Levels => new Map((value ?? []) as [Decimal, Decimal][]);

function best(levels: Levels, sign: 1 | -1): Decimal | null {
  let found: Decimal | null = null;
  for (const price of levels.keys()) if (found === null || sign * Number(price) > sign * Number(found)) found = price;
  return found;
}

function rest(story: Story, wishes: Map<string, Event>, event: Event, names: string[]): void {
  const order = String(event["order"] ?? event["venue_order"]);
  const open = story.rests.find((rest) => rest.order === order && rest.to === null);
  if (event["status"] === "live" && !open) {
    const wish = wishes.get(order) ?? event;
    const price = text(wish["price"]);
    if (price === null) return;
    story.rests.push({
      order, price, outcome: placeOf(wish["outcome"], names), side: String(wish["side"]),
      shares: String(wish["shares"]), from: timeOf(event), to: null, filled: 0,
    });
  } else if (open && kOver.has(String(event["status"]))) {
    open.to = timeOf(event);
  }
}

function print(story: Story, event: Event, names: string[]): void {
  const order = text(event["order"]);
  story.prints.push({
    seq: event.seq, time: timeOf(event), outcome: placeOf(event["outcome"], names), side: String(event["side"]),
    shares: String(event["shares"]), cost: String(event["cost"]), order, void: false,
  });
  const open = story.rests.find((rest) => rest.order === order && rest.to === null);
  if (!open) return;
  open.filled += Number(event["shares"]);
  if (open.filled >= Number(open.shares) - kFilledWithin) open.to = timeOf(event);
}

/** An order is filled when its fills reach its shares less this (contract §3). */
const kFilledWithin = 0.01;

function voidPrint(story: Story, event: Event): void {
  const failed = story.prints.findLast((print) => print.order === event["order"]);
  if (failed) failed.void = true;
}

function spanOf(story: Story): [number, number] | null {
  const times = [...story.times.values()];
  if (times.length === 0) return null;
  return [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
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
