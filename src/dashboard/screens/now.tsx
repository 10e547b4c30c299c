// What is held, what rests and is not held, is it hedged, what was made, what went wrong.
import type { Finding, Findings, Order, Orders, Pnl, Position, Positions } from "../data/api.ts";
import { go } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { Amount, Price, Ratio, Result, Shares } from "../show/figure.tsx";
import { exact, isZero, words } from "../show/format.ts";
import { HedgeBar } from "../show/hedge_bar.tsx";
import { Answered, Empty } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { openWhy } from "../show/why_at.ts";
import { passes } from "../shell/settings.ts";
import { Filter } from "../shell/filter.tsx";
import type { Screen } from "./screen.ts";

const kFeed = ["daybook demo", "daybook ingest FILE", "daybook record polymarket --assets BTC,ETH --window 15m"];

function Now() {
  const pnl = useView<Pnl>("pnl");
  const positions = useView<Positions>("positions");
  return (
    <>
      <Answered view={pnl.value}>{(answer) => <Totals pnl={answer} positions={positions.value.answer} />}</Answered>
      <div class="columns">
        <section class="grow">
          <h2>Markets <Filter /></h2>
          <Answered view={positions.value}>{(answer) => <Markets positions={answer.positions} />}</Answered>
        </section>
        <section>
          <h2>Findings</h2>
          <WrongNow />
          <h2>Resting orders</h2>
          <Resting />
        </section>
      </div>
    </>
  );
}

function Totals({ pnl, positions }: { pnl: Pnl; positions: Positions | null }) {
  return (
    <dl class="totals">
      <div><dt>realized <small>USD</small></dt><dd class="large"><Result value={pnl.realized} about="realized" /></dd></div>
      <div><dt>edge <small>locked pairs</small></dt><dd><Result value={pnl.edge} about="edge" /></dd></div>
      <div><dt>direction <small>unhedged legs</small></dt><dd><Result value={pnl.direction} about="direction" /></dd></div>
      <div><dt>open, worst … best <small>USD</small></dt>
        <dd><Result value={pnl.open_worst} about="open_worst" /> … <Result value={pnl.open_best} about="open_best" /></dd></div>
      <div><dt>fees <small>USD</small></dt><dd><Amount value={pnl.fees} about="fees" /></dd></div>
      <div><dt>open markets</dt><dd>{pnl.open_markets} <small>of {pnl.open_markets + pnl.resolved_markets}</small></dd></div>
      {positions && <LowestHedge positions={positions.positions} />}
    </dl>
  );
}

/** Of open markets, as exact text of equal length compares by itself. */
function LowestHedge({ positions }: { positions: Position[] }) {
  const open = positions.filter((position) => position.state === "open" && position.hedge_ratio !== null);
  const lowest = open.sort((a, b) => (a.hedge_ratio ?? "").localeCompare(b.hedge_ratio ?? ""))[0];
  if (!lowest) return null;
  return <div><dt>lowest hedge <small>{lowest.title}</small></dt>
    <dd><Ratio value={lowest.hedge_ratio} about={lowest.market} figure="hedge_ratio" /></dd></div>;
}

const sideColumns = (side: number, glyph: string): Column<Position>[] => [
  {
    head: <span class={side === 0 ? "up" : "down"}>{glyph} matched</span>, unit: "shares", right: true,
    cell: (row) => <Shares value={row.outcomes[side]?.matched ?? null} about={row.market} figure="matched" />,
  },
];

const columns: Column<Position>[] = [
  { head: "market", cell: (row) => <MarketName row={row} /> },
  { head: "resting", unit: "shares, not held", right: true, cell: (row) => <Rests row={row} /> },
  ...sideColumns(0, "▲"),
  ...sideColumns(1, "▼"),
  { head: "settled", unit: "▲ / ▼", right: true, wide: true, cell: (row) => row.outcomes.map((one) => exact(one.settled)).join(" / ") },
  { head: "failed", unit: "shares", right: true, wide: true, cell: (row) => <Failed row={row} /> },
  { head: "hedge", unit: "60 and 80 % marked", cell: (row) => <HedgeBar position={row} /> },
  { head: "pair cost", unit: "USD", right: true, wide: true, cell: (row) => <Price value={row.pair_cost} about={row.market} figure="pair_cost" /> },
  { head: "realized", unit: "USD", right: true, cell: (row) => row.state === "open" ? <span class="absent">open</span> : <Result value={row.realized} about={row.market} figure="realized" /> },
  { head: "if ▲", unit: "USD", right: true, wide: true, cell: (row) => <Result value={row.if_outcome?.[0] ?? null} about={row.market} figure="if_outcome" /> },
  { head: "if ▼", unit: "USD", right: true, wide: true, cell: (row) => <Result value={row.if_outcome?.[1] ?? null} about={row.market} figure="if_outcome" /> },
];

function MarketName({ row }: { row: Position }) {
  return <button type="button" class="link" onClick={(event) => { event.stopPropagation(); go("market", { market: row.market }); }}>{row.title || row.market}</button>;
}

function Rests({ row }: { row: Position }) {
  const resting = row.outcomes.flatMap((one, side) => isZero(one.resting) ? [] : [`${side === 0 ? "▲" : "▼"} ${exact(one.resting)}`]);
  return resting.length === 0 ? <span class="absent">–</span> : <span class="resting">{resting.join(" ")}</span>;
}

function Failed({ row }: { row: Position }) {
  const failed = row.outcomes.filter((one) => !isZero(one.failed));
  if (failed.length === 0) return <span class="absent">–</span>;
  return <span class="bad">✖ {failed.map((one) => exact(one.failed)).join(" / ")}</span>;
}

function Markets({ positions }: { positions: Position[] }) {
  if (positions.length === 0) return <Empty what="No position yet. What is bought and sold stands here." commands={kFeed} />;
  const open = (row: Position) => Number(row.state === "open");
  const rows = positions.filter((row) => passes(row.title, row.market, row.verdict, row.state)).reverse().sort((a, b) => open(b) - open(a));
  return <Table caption="Markets" columns={columns} rows={rows} id={(row) => row.market + row.account}
    open={(row) => openWhy(row.market)} marked={(row) => row.state === "open"} />;
}

function WrongNow() {
  const findings = useView<Findings>("findings");
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
      <span class={first.severity}>{first.severity === "critical" ? "✖" : "⚠"} {words(first.rule)}</span>
      <span class="right">{group.length === 1 ? first.title : `${group.length} markets`}</span>
    </li>
  );
}

function Resting() {
  const orders = useView<Orders>("orders");
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

export const now: Screen = { key: "1", id: "now", title: "Now", View: Now };
