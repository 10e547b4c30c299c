// What is held, what rests and is not held, is it hedged, what was made, what went wrong.
import { useMemo } from "preact/hooks";
import type { Claim, Claims, Finding, Findings, Order, Orders, Pnl, Position, Positions } from "../data/api.ts";
import { go } from "../data/place.ts";
import { useLaterView, useView } from "../data/views.ts";
import { Figure, Price, Result, Shares } from "../show/figure.tsx";
import { count, decimal, exact, isZero, words } from "../show/format.ts";
import { HedgeBar } from "../show/hedge_bar.tsx";
import { Answered, Empty } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { openWhy } from "../show/why_at.ts";
import { filter, passes } from "../shell/settings.ts";
import { Filter } from "../shell/filter.tsx";
import type { Screen } from "./screen.ts";
import { Totals } from "./totals.tsx";

const kFeed = ["daybook ingest FILE", "daybook record polymarket --assets BTC,ETH --window 15m"];

function Now() {
  const pnl = useView<Pnl>("pnl");
  const positions = useView<Positions>("positions");
  return (
    <>
      <Answered view={pnl.value}>{(answer) => <Totals pnl={answer} positions={positions.value.answer?.positions} />}</Answered>
      <div class="columns">
        <section class="grow">
          <h2>Markets <Filter /></h2>
          <Answered view={positions.value}>{(answer) => <Markets positions={answer.positions} />}</Answered>
        </section>
        <section>
          <h2>What went wrong</h2>
          <WrongNow />
          <h2>Resting orders <small>not held</small></h2>
          <Resting />
          <h2>What was said <small>and is not so</small></h2>
          <Said />
        </section>
      </div>
    </>
  );
}

const sideColumns = (side: number, glyph: string): Column<Position>[] => [
  {
    head: <span class={side === 0 ? "up" : "down"}>{glyph} matched</span>, unit: "shares", right: true,
    cell: (row) => <Shares value={row.outcomes[side]?.matched ?? null} about={row.market} figure="matched" />,
  },
];

const columns: Column<Position>[] = [
  { head: "market", cell: (row) => <MarketName row={row} /> },
  { head: "account", wide: true, has: (row) => row.account !== "main", cell: (row) => row.account },
  { head: "resting", unit: "not held", right: true, cell: (row) => <Rests row={row} /> },
  ...sideColumns(0, "▲"),
  ...sideColumns(1, "▼"),
  { head: "settled", unit: "▲ / ▼", right: true, wide: true, cell: (row) => <Settled row={row} /> },
  { head: "failed", unit: "shares", right: true, wide: true, cell: (row) => <Failed row={row} /> },
  { head: "hedge", unit: "60 and 80 % marked", cell: (row) => <HedgeBar position={row} /> },
  { head: "pair cost", unit: "USD", right: true, wide: "very", cell: (row) => <Price value={row.pair_cost} about={row.market} figure="pair_cost" /> },
  { head: "result", unit: "USD, or if ▲ ▼ wins", right: true, cell: (row) => <Outcome row={row} /> },
];

/** What it made, or while it is open what it still brings whoever wins. */
function Outcome({ row }: { row: Position }) {
  if (row.if_outcome === null) return <Result value={row.realized} about={row.market} figure="realized" />;
  return <>{row.if_outcome.map((value, side) => <span key={side} class="if">{side === 0 ? "▲" : "▼"} <Result value={value} about={row.market} figure="if_outcome" /></span>)}</>;
}

function MarketName({ row }: { row: Position }) {
  return <button type="button" class="link name" title={row.title} onClick={(event) => { event.stopPropagation(); go("market", { market: row.market }); }}>{row.title || row.market}</button>;
}

function Rests({ row }: { row: Position }) {
  const resting = row.outcomes.flatMap((one, side) => isZero(one.resting) ? [] : [`${side === 0 ? "▲" : "▼"} ${exact(one.resting)}`]);
  return resting.length === 0 ? <span class="absent">–</span> : <span class="resting">{resting.join(" ")}</span>;
}

function Settled({ row }: { row: Position }) {
  const [up, down] = row.outcomes;
  return <><Shares value={up?.settled ?? null} about={row.market} figure="settled" /> / <Shares value={down?.settled ?? null} about={row.market} figure="settled" /></>;
}

function Failed({ row }: { row: Position }) {
  const failed = row.outcomes.filter((one) => !isZero(one.failed));
  if (failed.length === 0) return <span class="absent">–</span>;
  return <span class="bad">✖ {failed.map((one) => exact(one.failed)).join(" / ")}</span>;
}

/** Those that pass the filter: open ones first, the newest of them at the top. */
function listed(positions: Position[]): Position[] {
  const open = (row: Position) => Number(row.state === "open");
  return positions.filter((row) => passes(row.title, row.market, row.verdict, row.state)).reverse().sort((a, b) => open(b) - open(a));
}

function Markets({ positions }: { positions: Position[] }) {
  const rows = useMemo(() => listed(positions), [positions, filter.value]);
  if (positions.length === 0) return <Empty what="No position yet. What is bought and sold stands here." commands={kFeed} />;
  return <Table caption="Markets" columns={columns} rows={rows} id={(row) => row.market + row.account}
    open={(row) => openWhy(row.market)} marked={(row) => row.state === "open"} />;
}

function WrongNow() {
  const findings = useLaterView<Findings>("findings");
  return (
    <Answered view={findings.value}>{({ findings }) => findings.length === 0
      ? <p class="fine">✓ no rule broken</p>
      : <ul class="list">{byRule(findings).map((group) => <Rule key={group[0]?.rule} group={group} />)}</ul>}
    </Answered>
  );
}

function byRule(findings: Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return [...groups.values()];
}

function Rule({ group }: { group: Finding[] }) {
  const [first] = group;
  if (!first) return null;
  return (
    <li data-row="" tabIndex={-1} onKeyDown={(event) => event.key === "Enter" && go("postmortem")}>
      <button type="button" class={`link ${first.severity}`} onClick={() => go("postmortem")}>{first.severity === "critical" ? "✖" : "⚠"} {words(first.rule)}</button>
      <span class="right">{group.length === 1 ? first.title : `${count(group.length)}×`}</span>
    </li>
  );
}

function Resting() {
  const orders = useLaterView<Orders>("orders");
  return (
    <Answered view={orders.value}>{({ orders }) => {
      const resting = orders.filter((order) => !isZero(order.open) && ["live", "delayed", "partial", "submitted", "unknown"].includes(order.state));
      return resting.length === 0 ? <p class="fine">none waits at the venue</p> : <ul class="list">{resting.map((order) => <Waits key={order.order + order.venue_order} order={order} />)}</ul>;
    }}</Answered>
  );
}

function Waits({ order }: { order: Order }) {
  return (
    <li data-row="" tabIndex={-1} onKeyDown={(event) => event.key === "Enter" && openWhy(order.last_seq)}>
      <span>{order.side} {order.outcome} <Shares value={order.open} about={order.last_seq} />{order.price !== null && <> @ {exact(order.price)}</>}</span>
      <span class="right resting">{order.state} · not a fill</span>
      <span class="dim">{order.title}</span>
    </li>
  );
}

/** Claims that the record contradicts. */
function Said() {
  const claims = useLaterView<Claims>("claims");
  return (
    <Answered view={claims.value}>{({ claims }) => {
      const wrong = claims.filter((claim) => claim.finding);
      if (wrong.length === 0) return <p class="fine">{claims.length === 0 ? "nobody claimed a figure" : "✓ every claim is as the record has it"}</p>;
      return <ul class="list">{wrong.slice(-kSaid).reverse().map((claim) => <SaidOne key={claim.seq} claim={claim} />)}</ul>;
    }}</Answered>
  );
}

/** Shown at most; Post-mortem has all. */
const kSaid = 6;

function SaidOne({ claim }: { claim: Claim }) {
  return (
    <li data-row="" tabIndex={-1} onKeyDown={(event) => event.key === "Enter" && openWhy(claim.seq)}>
      <span>{claim.source}: {words(claim.metric)} <Figure about={claim.seq} kind="claim" exactly={claim.value}>{decimal(claim.value, 2)}</Figure></span>
      <span class="right">{claim.fact === null ? "no fact" : <>✖ fact {decimal(claim.fact, 2)}</>}</span>
    </li>
  );
}

export const now: Screen = { key: "1", id: "now", title: "Now", View: Now };
