// The charts of a market. They share one span of time and one cursor.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Market, Movement, Why } from "../data/api.ts";
import { useStory } from "../data/market_story.ts";
import { at, mode } from "../data/place.ts";
import { ask } from "../data/rest.ts";
import { holesOf, toldUpTo, type Story } from "../data/story.ts";
import { Chart } from "../show/chart.tsx";
import { Trouble } from "../show/states.tsx";
import { feedEvents } from "../shell/feed.ts";
import { stops } from "../shell/moment.ts";
import { DepthTable, MovesTable, QuotesTable, SumTable } from "./market_chart_tables.tsx";
import * as series from "./market_series.ts";

/** `held` changes when the position did: its movements are asked for anew. */
export function MarketCharts({ known, held }: { known: Market; held: unknown }) {
  const names = known.outcomes.map((outcome) => outcome.name);
  const told = useStory(known.market, names).value;
  const upTo = at.value;
  const story = useMemo(() => (upTo === null ? { ...told.story } : toldUpTo(told.story, upTo)), [told, upTo]);
  const moves = useMoves(known.market, held);
  const feed = feedEvents.value;
  const holes = useMemo(() => holesOf(feed.filter((event) => upTo === null || event.seq <= upTo), story.span?.[1] ?? 0), [feed, story]);
  useStops(told.story, told.version);
  const span = spanOf(known, story);
  const drawn = useMemo(() => ({
    quotes: [series.quotes(story, 0, holes), series.quotes(story, 1, holes)] as const,
    sum: series.sums(story, holes),
    position: series.position(moves, story),
    hedge: series.hedge(moves, story),
    depth: series.depth(story, holes),
  }), [story, holes, moves]);
  if (told.problem) return <Trouble problem={told.problem} />;
  const common = { together: known.market, span };
  const movesTable = () => <MovesTable moves={moves} story={story} names={names} />;
  return (
    <div class="charts">
      {([0, 1] as const).map((side) => drawn.quotes[side].times.length > 0 &&
        <Chart key={side} title={`${side === 0 ? "▲" : "▼"} ${names[side]}`} series={drawn.quotes[side]} {...common}
          summary={series.saidOfQuotes(story, side, names)} readout={(time) => series.quotesAt(story, side, holes, time)} table={() => <QuotesTable story={story} side={side} />} />)}
      {moves.length > 0 && <>
        <Chart title="Position" series={drawn.position} {...common} summary={series.saidOfPosition(moves, names)}
          readout={(time) => series.positionAt(moves, story, names, time)} table={movesTable} />
        <Chart title="Hedge ratio" series={drawn.hedge} {...common} summary={series.saidOfHedge(moves)}
          readout={(time) => series.hedgeAt(moves, story, time)} table={movesTable} />
      </>}
      {drawn.sum.times.length > 0 && <>
        <Chart title={`${names[0]} + ${names[1]}`} series={drawn.sum} {...common} summary={series.saidOfSum(story)}
          readout={(time) => series.sumAt(story, holes, time)} table={() => <SumTable story={story} />} />
        <Chart title="Depth" series={drawn.depth} {...common} summary={series.saidOfDepth(story, names)}
          readout={(time) => series.depthAt(story, names, holes, time)} table={() => <DepthTable story={story} names={names} />} />
      </>}
    </div>
  );
}

/** From opening to close, where both are known. */
function spanOf(known: Market, story: Story): [number, number] | null {
  if (known.opens === null || known.closes === null) return story.span;
  return [Date.parse(known.opens) / 1000, Date.parse(known.closes) / 1000];
}

/** What moved the position, as the server folds it. */
function useMoves(market: string, held: unknown): Movement[] {
  const [moves, setMoves] = useState<Movement[]>([]);
  const query = new URLSearchParams();
  if (at.value !== null) query.set("at", String(at.value));
  if (mode.value !== null) query.set("mode", mode.value);
  const path = `/v1/why/${encodeURIComponent(market)}?${query}`;
  const nothing = Array.isArray(held) && held.length === 0;
  useEffect(() => {
    const asking = new AbortController();
    if (nothing) setMoves([]);
    else if (held) void ask<Why>(path, asking.signal).then((told) => {
      if (!asking.signal.aborted) setMoves("answer" in told ? told.answer.movements ?? [] : []);
    });
    return () => asking.abort();
  }, [path, held]);
  return moves;
}

/** `[` and `]` go through the events of this market, ticks left out. */
function useStops(story: Story, version: number): void {
  useEffect(() => {
    stops.value = [...story.times.keys()];
    return () => (stops.value = null);
  }, [story, version]);
}
