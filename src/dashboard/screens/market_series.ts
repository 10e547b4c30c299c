// What the charts of a market draw, and the sentence that says the same. Numbers here are places on
// the screen; sentences show the text of the record.
import type { Movement } from "../data/api.ts";
import { sharesOf, type Quote, type Story } from "../data/story.ts";
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

/** As many columns as a chart can show. */
const kColumns = 1_000;

/** Of `all`, no more than can be seen: in each column of time the last, and the least and the most
 * by `height`. */
function seen<T extends { time: number }>(all: T[], height: (one: T) => number): T[] {
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last || all.length <= 3 * kColumns) return all;
  const width = (last.time - first.time) / kColumns || 1;
  const kept = new Set<T>();
  let [least, most, newest, column] = [first, first, first, 0];
  for (const one of all) {
    const here = Math.floor((one.time - first.time) / width);
    if (here !== column) {
      kept.add(least).add(most).add(newest);
      [least, most, column] = [one, one, here];
    } else if (height(one) < height(least)) least = one;
    else if (height(one) > height(most)) most = one;
    newest = one;
  }
  return [...kept.add(least).add(most).add(newest)];
}

export function quotes(story: Story, side: 0 | 1, holes: Hole[]): Series {
  const colour = kColours[side];
  const points = seen(story.quotes[side], (quote) => quote.askAt)
    .map((quote) => ({ time: quote.time, value: [quote.bidAt, quote.askAt].map(known) }));
  const marks: Mark[] = story.prints.filter((print) => print.outcome === side).map((print) => ({
    time: print.time, value: Number(print.cost) / Number(print.shares),
    glyph: print.voided !== null ? "✖" : print.side === "buy" ? "▲" : "▼", colour: print.voided !== null ? "bad" : "ink",
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

/** The last of `all`, which stand in order of time, that is not later than `time`. */
function lastBy<T extends { time: number }>(all: T[], time: number): T | undefined {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.time ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return all[low - 1];
}

const inHole = (holes: Hole[], time: number): boolean => holes.some(([from, to]) => time >= from && time < to);
const kUnknown = "not recorded";

export function quotesAt(story: Story, side: 0 | 1, holes: Hole[], time: number): string {
  const quote = lastBy(story.quotes[side], time);
  return !quote || inHole(holes, time) ? kUnknown : `bid ${price(quote.bid)}, ask ${price(quote.ask)}`;
}

export function sumAt(story: Story, holes: Hole[], time: number): string {
  const [up, down] = [lastBy(story.quotes[0], time), lastBy(story.quotes[1], time)];
  return !up || !down || inHole(holes, time) ? kUnknown : `bids ${price(pairPrice({ up, down }, "bid"))}, asks ${price(pairPrice({ up, down }, "ask"))}`;
}

export function depthAt(story: Story, names: string[], holes: Hole[], time: number): string {
  if (inHole(holes, time)) return kUnknown;
  return ([0, 1] as const).map((side) => {
    const depth = lastBy(story.depths.filter((one) => one.side === side), time);
    return `${names[side]} ${depth ? exact(sharesOf(depth.asks), 0) : "none"}`;
  }).join(", ");
}

function moveAt(moves: Movement[], story: Story, time: number): Movement | undefined {
  return moves.findLast((move) => timeOf(move, story) <= time);
}

export function positionAt(moves: Movement[], story: Story, names: string[], time: number): string {
  const move = moveAt(moves, story, time);
  return `${names[0]} ${exact(move?.up_after ?? "0")}, ${names[1]} ${exact(move?.down_after ?? "0")}`;
}

export function hedgeAt(moves: Movement[], story: Story, time: number): string {
  const move = moveAt(moves, story, time);
  const share = move ? ratio(move.up_after, move.down_after) : null;
  return share === null ? "nothing is held" : percent(share);
}

export function saidOfQuotes(story: Story, side: 0 | 1, names: string[]): string {
  const last = story.quotes[side].at(-1);
  const fills = story.prints.filter((print) => print.outcome === side && print.voided === null).length;
  const resting = story.rests.filter((rest) => rest.outcome === side && rest.to === null).length;
  const prices = last ? `${names[side]} last stood at ${price(last.bid)} bid, ${price(last.ask)} ask; ` : `No price of ${names[side]} was recorded; `;
  return `${prices}${count(fills)} ${fills === 1 ? "fill" : "fills"}, ${count(resting)} resting.`;
}

const price = (text: string | null): string => (text === null ? "no" : decimal(text, 2));

export interface PairQuote {
  seq: number;
  time: number;
  up: Quote;
  down: Quote;
}

/** The prices of both outcomes whenever one changed. */
export function pairs(story: Story): PairQuote[] {
  const [ups, downs] = story.quotes;
  const found: PairQuote[] = [];
  let [i, j] = [0, 0];
  while (i < ups.length || j < downs.length) {
    const isUp = j >= downs.length || (i < ups.length && (ups[i] as Quote).seq < (downs[j] as Quote).seq);
    const { seq, time } = (isUp ? ups[i++] : downs[j++]) as Quote;
    const [up, down] = [ups[i - 1], downs[j - 1]];
    if (up && down) found.push({ seq, time, up, down });
  }
  return found;
}

/** What a pair costs at the asks, brings at the bids. */
export const pairPrice = (pair: Pick<PairQuote, "up" | "down">, of: "ask" | "bid"): string | null =>
  pair.up[of] === null || pair.down[of] === null ? null : plus(pair.up[of], pair.down[of]);

export function sums(story: Story, holes: Hole[]): Series {
  const points = seen(pairs(story), (pair) => pair.up.askAt + pair.down.askAt)
    .map((pair) => ({ time: pair.time, value: [known(pair.up.bidAt + pair.down.bidAt), known(pair.up.askAt + pair.down.askAt)] }));
  return {
    ...stepped(points, 2, holes), lines: [{ label: "bids", colour: "dim", dashed: true }, { label: "asks", colour: "ink" }],
    levels: [{ value: 1, label: "1.00: what a pair pays" }], holes, unit: "USD a pair",
  };
}

export function saidOfSum(story: Story): string {
  const [up, down] = [story.quotes[0].at(-1), story.quotes[1].at(-1)];
  if (!up || !down) return "";
  const last = { up, down };
  return `A pair costs ${price(pairPrice(last, "ask"))} at the asks and brings ${price(pairPrice(last, "bid"))} at the bids; it pays 1.00.`;
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

export function depth(story: Story, holes: Hole[]): Series {
  const latest: (number | null)[] = [null, null];
  const points = seen(story.depths, (one) => one.asks).map((one) => {
    latest[one.side] = one.asks / 1e6;
    return { time: one.time, value: [...latest] };
  });
  return { ...stepped(points, 2, holes), lines: [{ label: "▲ asks", colour: "up" }, { label: "▼ asks", colour: "down" }], holes, unit: "shares offered, all levels" };
}

export function saidOfDepth(story: Story, names: string[]): string {
  const last = story.depths.at(-1);
  if (!last) return "";
  return `${names[last.side]} last had ${exact(sharesOf(last.asks), 0)} shares offered and ${exact(sharesOf(last.bids), 0)} wanted.`;
}
