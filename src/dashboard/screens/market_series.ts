// What the charts of a market draw, and the sentence that says the same. Numbers here are places on
// the screen; sentences show the text of the record.
import type { Movement, Snapshot } from "../data/api.ts";
import { seconds, type Quote, type Story } from "../data/story.ts";
import type { Mark, Series } from "../show/chart.tsx";
import { count, decimal, exact, percent, pixels, plus, ratio } from "../show/format.ts";

const kColours = ["up", "down"] as const;
type Hole = [number, number];
type Point = { time: number; value: (number | null)[] };

/** Points in order of time, with nothing known inside the holes. */
function stepped(points: Point[], lines: number, holes: Hole[]): Pick<Series, "times" | "values"> {
  const nothing = Array.from({ length: lines }, () => null);
  const sorted = [...points, ...holes.map(([from]) => ({ time: from, value: nothing }))]
    .sort((a, b) => a.time - b.time)
    .filter(({ time, value }) => value === nothing || !holes.some(([from, to]) => time >= from && time < to));
  return {
    times: sorted.map((point) => point.time),
    values: Array.from({ length: lines }, (_, line) => sorted.map((point) => point.value[line] ?? null)),
  };
}

export function quotes(story: Story, side: 0 | 1, holes: Hole[]): Series {
  const colour = kColours[side];
  const points = story.quotes[side].map((quote) => ({ time: quote.time, value: [pixels(quote.bid), pixels(quote.ask)].map(known) }));
  const marks: Mark[] = story.prints.filter((print) => print.outcome === side).map((print) => ({
    time: print.time, value: Number(print.cost) / Number(print.shares),
    glyph: print.void ? "✖" : print.side === "buy" ? "▲" : "▼", colour: print.void ? "bad" : "ink",
  }));
  const bars = story.rests.filter((rest) => rest.outcome === side)
    .map((rest) => ({ from: rest.from, to: rest.to ?? Number.MAX_SAFE_INTEGER, value: Number(rest.price), colour }));
  const drawn = stepped(points, 2, holes);
  // Marks alone need a span of time to stand in.
  const alone = drawn.times.length === 0 && marks.length > 0;
  return {
    ...(alone ? { times: marks.map((mark) => mark.time), values: [marks.map(() => null), marks.map(() => null)] } : drawn),
    lines: [{ label: "bid", colour, dashed: true }, { label: "ask", colour }], marks, bars, holes, unit: "USD a share",
  };
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

export function saidOfQuotes(story: Story, side: 0 | 1, names: string[]): string {
  const last = story.quotes[side].at(-1);
  const fills = story.prints.filter((print) => print.outcome === side && !print.void).length;
  const resting = story.rests.filter((rest) => rest.outcome === side && rest.to === null).length;
  const prices = last ? `${names[side]} last stood at ${price(last.bid)} bid, ${price(last.ask)} ask; ` : `No price of ${names[side]} was recorded; `;
  return `${prices}${count(fills)} ${fills === 1 ? "fill" : "fills"}, ${count(resting)} resting.`;
}

const price = (text: string | null): string => (text === null ? "no" : decimal(text, 2));

/** Best asks (what a pair costs) and best bids (what it brings) of both outcomes together. */
export function pairPrices(story: Story): { time: number; seq: number; ask: string | null; bid: string | null }[] {
  const both = [...story.quotes[0].map((quote) => ({ quote, side: 0 })), ...story.quotes[1].map((quote) => ({ quote, side: 1 }))]
    .sort((a, b) => a.quote.seq - b.quote.seq);
  const latest: (Quote | undefined)[] = [undefined, undefined];
  return both.flatMap(({ quote, side }) => {
    latest[side] = quote;
    const [up, down] = latest;
    return up && down ? [{ time: quote.time, seq: quote.seq, ask: sum(up.ask, down.ask), bid: sum(up.bid, down.bid) }] : [];
  });
}

const sum = (a: string | null, b: string | null): string | null => (a === null || b === null ? null : plus(a, b));

export function sums(story: Story, holes: Hole[]): Series {
  const points = pairPrices(story).map((pair) => ({ time: pair.time, value: [pixels(pair.bid), pixels(pair.ask)].map(known) }));
  return {
    ...stepped(points, 2, holes), lines: [{ label: "bids", colour: "dim", dashed: true }, { label: "asks", colour: "ink" }],
    levels: [{ value: 1, label: "1.00: what a pair pays" }], holes, unit: "USD a pair",
  };
}

export function saidOfSum(story: Story): string {
  const last = pairPrices(story).at(-1);
  return `A pair costs ${price(last?.ask ?? null)} at the asks and brings ${price(last?.bid ?? null)} at the bids; it pays 1.00.`;
}

const timeOf = (move: Movement, story: Story): number => story.times.get(move.seq) ?? NaN;

export function position(moves: Movement[], story: Story): Series {
  const points = moves.map((move) => ({ time: timeOf(move, story), value: [Number(move.up_after), Number(move.down_after)] }));
  return {
    ...stepped(lasting(points, story), 2, []),
    lines: [{ label: "▲", colour: "up" }, { label: "▼", colour: "down" }], unit: "shares",
  };
}

/** Before the first movement nothing is held; the last one lasts. */
function lasting(points: Point[], story: Story): Point[] {
  const last = points.at(-1);
  if (!last || !story.span) return points;
  return [{ time: story.span[0], value: last.value.map(() => 0) }, ...points, { time: Math.max(story.span[1], last.time), value: last.value }];
}

export function saidOfPosition(moves: Movement[], names: string[]): string {
  const last = moves.at(-1);
  return last ? `${count(moves.length)} movements; now ${exact(last.up_after)} ${names[0]} and ${exact(last.down_after)} ${names[1]}.` : "";
}

export function hedge(moves: Movement[], story: Story): Series {
  const points = moves.map((move) => ({ time: timeOf(move, story), value: [known(pixels(ratio(move.up_after, move.down_after)))] }));
  const last = points.at(-1);
  const drawn = last && story.span ? [...points, { time: Math.max(story.span[1], last.time), value: last.value }] : points;
  return {
    ...stepped(drawn, 1, []), lines: [{ label: "smaller side ÷ larger", colour: "ink", fill: "raised" }],
    levels: [{ value: 0.8, label: "80 %" }, { value: 0.6, label: "60 %" }], range: [0, 1.05], unit: "0 to 1",
  };
}

export function saidOfHedge(moves: Movement[]): string {
  const last = moves.at(-1);
  const now = last ? ratio(last.up_after, last.down_after) : null;
  return now === null ? "Nothing is held." : `${percent(now)} of the larger side is hedged.`;
}

export function depth(snapshots: Snapshot[], names: string[], holes: Hole[]): Series {
  const latest: (number | null)[] = [null, null];
  const points = snapshots.map((one) => {
    latest[names.indexOf(one.outcome) === 1 ? 1 : 0] = known(pixels(one.ask_depth));
    return { time: seconds(one.time), value: [...latest] };
  });
  return { ...stepped(points, 2, holes), lines: [{ label: "▲ asks", colour: "up" }, { label: "▼ asks", colour: "down" }], holes, unit: "shares offered, all levels" };
}

export function saidOfDepth(snapshots: Snapshot[]): string {
  const last = snapshots.at(-1);
  return last ? `${count(snapshots.length)} snapshots; last ${last.outcome}: ${last.ask_depth === null ? "no" : exact(last.ask_depth, 0)} shares offered, ${last.bid_depth === null ? "none" : exact(last.bid_depth, 0)} wanted.` : "";
}
