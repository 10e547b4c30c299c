// The charts of a market. They share one span of time and one cursor.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Event, Liquidity, Market, Movement, Why } from "../data/api.ts";
import { useMarketEvents } from "../data/market_events.ts";
import { at, mode } from "../data/place.ts";
import { ask } from "../data/rest.ts";
import { holesOf, storyOf, type Story } from "../data/story.ts";
import { useView } from "../data/views.ts";
import { Chart } from "../show/chart.tsx";
import { Trouble } from "../show/states.tsx";
import { feedEvents } from "../shell/feed.ts";
import { stops } from "../shell/moment.ts";
import * as series from "./market_series.ts";
import { MovesTable, QuotesTable, SumTable, DepthTable } from "./market_chart_tables.tsx";

/** `version` changes when the position did: its movements are asked for anew. */
export function MarketCharts({ known, version }: { known: Market; version: unknown }) {
  const all = useMarketEvents(known.market).value;
  const upTo = at.value;
  const names = known.outcomes.map((outcome) => outcome.name);
  const events = useMemo(() => (upTo === null ? all.events : all.events.filter((event) => event.seq <= upTo)), [all, upTo]);
  const story = useMemo(() => storyOf(events, names), [events]);
  const feed = feedEvents.value;
  const moves = useMoves(known.market, version);
  const depth = useView<Liquidity>("liquidity", { market: known.market }).value.answer;
  useStops(all.events);
  if (all.problem) return <Trouble problem={all.problem} />;
  const holes = useMemo(() => holesOf(feed.filter((event) => upTo === null || event.seq <= upTo), story.span?.[1] ?? 0), [feed, story]);
  const span = spanOf(known, story);
  const common = { together: known.market, span };
  const drawn = useMemo(() => ({
    quotes: [series.quotes(story, 0, holes), series.quotes(story, 1, holes)] as const,
    sum: series.sums(story, holes),
    position: series.position(moves, story),
    hedge: series.hedge(moves, story),
    depth: series.depth(depth?.snapshots ?? [], names, holes),
  }), [story, holes, moves, depth]);
  return (
    <div class="charts">
      {([0, 1] as const).map((side) => drawn.quotes[side].times.length > 0 || story.prints.some((print) => print.outcome === side)
        ? <Chart key={side} title={`${side === 0 ? "▲" : "▼"} ${names[side]}`} series={drawn.quotes[side]} {...common}
            summary={series.saidOfQuotes(story, side, names)} table={() => <QuotesTable story={story} side={side} />} />
        : null)}
      {moves.length > 0 && <>
        <Chart title="Position" series={drawn.position} {...common} summary={series.saidOfPosition(moves, names)} table={() => <MovesTable moves={moves} story={story} names={names} />} />
        <Chart title="Hedge ratio" series={drawn.hedge} {...common} summary={series.saidOfHedge(moves)} table={() => <MovesTable moves={moves} story={story} names={names} />} />
      </>}
      {drawn.sum.times.length > 0 && <Chart title={`${names[0]} + ${names[1]}`} series={drawn.sum} {...common} summary={series.saidOfSum(story)} table={() => <SumTable story={story} />} />}
      {drawn.depth.times.length > 0 && <Chart title="Depth" series={drawn.depth} {...common} summary={series.saidOfDepth(depth?.snapshots ?? [])} table={() => <DepthTable snapshots={depth?.snapshots ?? []} />} />}
    </div>
  );
}

/** From opening to close, wider when something was recorded before or after. */
function spanOf(known: Market, story: Story): [number, number] | null {
  const opens = known.opens === null ? null : Date.parse(known.opens) / 1000;
  const closes = known.closes === null ? null : Date.parse(known.closes) / 1000;
  if (opens !== null && closes !== null) return [opens, closes];
  return story.span;
}

/** What moved the position, as the server folds it. */
function useMoves(market: string, version: unknown): Movement[] {
  const [moves, setMoves] = useState<Movement[]>([]);
  const query = new URLSearchParams();
  if (at.value !== null) query.set("at", String(at.value));
  if (mode.value !== null) query.set("mode", mode.value);
  const path = `/v1/why/${encodeURIComponent(market)}?${query}`;
  useEffect(() => {
    const asking = new AbortController();
    void ask<Why>(path, asking.signal).then((told) => {
      if (!asking.signal.aborted) setMoves("answer" in told ? told.answer.movements ?? [] : []);
    });
    return () => asking.abort();
  }, [path, version]);
  return moves;
}

/** `[` and `]` go through the events of this market. */
function useStops(events: Event[]): void {
  useEffect(() => {
    stops.value = events.map((event) => event.seq);
    return () => (stops.value = null);
  }, [events]);
}
