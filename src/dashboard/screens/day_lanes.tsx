// A day as lanes: one a market, from its opening to its close, with the fills that moved it.
import type { Fill, Fills, Finding, Market, Markets } from "../data/api.ts";
import { seconds } from "../data/story.ts";
import { go } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { Answered } from "../show/states.tsx";
import { clock, zone } from "../show/time.ts";
import { exact } from "../show/format.ts";
import { openWhy } from "../show/why_at.ts";

/** Lanes drawn at most; the fills of the others are in their markets. */
const kLanes = 200;
const kLane = 26;
const kName = 120;
const kLetters = 17;
const kWidth = 1_000;

interface Lane { market: Market; fills: Fill[]; worst: Finding | undefined }

export function DayLanes({ from, to, findings }: { from: string; to: string; findings: Finding[] }) {
  const markets = useView<Markets>("markets");
  const fills = useView<Fills>("fills");
  const [first, last] = [seconds(from), seconds(to)];
  return (
    <Answered view={markets.value}>{({ markets }) => (
      <Answered view={fills.value}>{({ fills }) => {
        const lanes = lanesOf(markets, fills.filter((fill) => seconds(fill.time) >= first && seconds(fill.time) < last), findings);
        return lanes.length === 0 ? <p class="fine">No fill on this day.</p> : <Lanes lanes={lanes} />;
      }}</Answered>
    )}</Answered>
  );
}

function lanesOf(markets: Market[], fills: Fill[], findings: Finding[]): Lane[] {
  const byMarket = new Map<string, Fill[]>();
  for (const fill of fills) byMarket.set(fill.market, [...(byMarket.get(fill.market) ?? []), fill]);
  return markets.filter((market) => byMarket.has(market.market)).slice(0, kLanes).map((market) => ({
    market, fills: byMarket.get(market.market) ?? [], worst: findings.find((finding) => finding.market === market.market),
  }));
}

function Lanes({ lanes }: { lanes: Lane[] }) {
  const times = lanes.flatMap(({ market, fills }) => [market.opens, market.closes, ...fills.map((fill) => fill.time)]).flatMap((time) => (time === null ? [] : [seconds(time)]));
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const at = (time: number) => kName + ((time - least) / (most - least || 1)) * (kWidth - kName - 12);
  const height = lanes.length * kLane + 24;
  const resolved = lanes.filter(({ market }) => market.winner !== null).length;
  return (
    <div class="rows" tabIndex={0} role="region" aria-label="The day in lanes">
      <svg class="lanes" width={kWidth} height={height} viewBox={`0 0 ${kWidth} ${height}`} role="group"
        aria-label={`${lanes.length} markets with fills, ${resolved} of them resolved`}>
        <Hours least={least} most={most} at={at} height={height} />
        {lanes.map((lane, index) => <OneLane key={lane.market.market} lane={lane} top={20 + index * kLane} at={at} />)}
      </svg>
      <p class="legend"><span><span class="up">▲ ▼ Up bought, sold</span></span><span class="down">▲ ▼ Down bought, sold</span><span>▬ from opening to close</span><span class="bad">✖ critical</span></p>
    </div>
  );
}

function Hours({ least, most, at, height }: { least: number; most: number; at: (time: number) => number; height: number }) {
  const step = [300, 900, 1_800, 3_600, 7_200, 14_400].find((seconds) => (most - least) / seconds <= 10) ?? 21_600;
  const ticks: number[] = [];
  for (let time = Math.ceil(least / step) * step; time <= most; time += step) ticks.push(time);
  void zone.value;
  return <>{ticks.map((time) => <g key={time} class="hour"><path d={`M${at(time)} 16V${height}`} /><text x={at(time)} y="11" text-anchor="middle">{clock(new Date(time * 1000).toISOString()).slice(0, 5)}</text></g>)}</>;
}

function OneLane({ lane, top, at }: { lane: Lane; top: number; at: (time: number) => number }) {
  const { market, fills, worst } = lane;
  const [opens, closes] = [market.opens, market.closes].map((time) => (time === null ? null : at(seconds(time))));
  const middle = top + kLane / 2;
  const open = () => go("market", { market: market.market });
  return (
    <g>
      <g role="button" tabindex={0} class="name" aria-label={`open ${market.title}`} data-row="" onClick={open} onKeyDown={(event) => event.key === "Enter" && open()}>
        <rect x="0" y={top} width={kName - 4} height={kLane} />
        <text x="10" y={middle + 4}>{worst?.severity === "critical" ? "✖ " : ""}{short(market.title || market.market)}</text>
        <title>{market.title || market.market}</title>
      </g>
      {opens !== null && opens !== undefined && closes !== null && closes !== undefined &&
        <rect class={worst?.severity === "critical" ? "window critical" : "window"} x={opens} y={middle - 5} width={Math.max(2, closes - opens)} height="10" rx="2" />}
      {fills.map((fill) => <Mark key={fill.seq} fill={fill} side={market.outcomes.findIndex((outcome) => outcome.name === fill.outcome)} x={at(seconds(fill.time))} y={middle} />)}
    </g>
  );
}

/** What fits beside a lane. */
const short = (name: string): string => (name.length > kLetters ? `${name.slice(0, kLetters - 1)}…` : name);

function Mark({ fill, side, x, y }: { fill: Fill; side: number; x: number; y: number }) {
  const shape = fill.side === "buy" ? `M${x} ${y - 5}l5 9h-10z` : `M${x} ${y + 5}l5 -9h-10z`;
  return (
    <path class={`mark ${side === 1 ? "down" : "up"} ${fill.settlement === "failed" ? "void" : ""}`} d={shape} onClick={() => openWhy(fill.seq)}>
      <title>{`#${fill.seq} ${fill.side} ${exact(fill.shares)} ${fill.outcome} for ${exact(fill.cost)} USD at ${clock(fill.time)}`}</title>
    </path>
  );
}
