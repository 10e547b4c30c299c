// One market: what is held and rests, its prices with our fills and orders, how the position and
// its hedge came to be.
import type { Market as Known, Markets, Position, Positions } from "../data/api.ts";
import { go, market } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { Amount, Price, Result, Shares } from "../show/figure.tsx";
import { HedgeBar } from "../show/hedge_bar.tsx";
import { Answered, Empty } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { brief, clock, lasting, now as clockNow, zoneName } from "../show/time.ts";
import { count } from "../show/format.ts";
import { Filter } from "../shell/filter.tsx";
import { passes } from "../shell/settings.ts";
import { MarketCharts } from "./market_charts.tsx";
import { BookLadder, MarketFills, MarketOrders } from "./market_tables.tsx";
import type { Screen } from "./screen.ts";

function Market() {
  const markets = useView<Markets>("markets").value;
  return (
    <Answered view={markets}>{({ markets }) => {
      if (markets.length === 0) return <Empty what="No market is known yet. Markets stand here once they are defined." commands={["daybook record polymarket --assets BTC,ETH --window 15m", "daybook ingest FILE"]} />;
      const only = markets.length === 1 ? markets[0] : undefined;
      const chosen = markets.find((one) => one.market === market.value || one.aliases.includes(market.value ?? "")) ?? only;
      return chosen ? <Chosen key={chosen.market} known={chosen} all={markets} /> : <All markets={markets} />;
    }}</Answered>
  );
}

const columns: Column<Known>[] = [
  { head: "market", cell: (row) => <button type="button" class="link name" title={row.title} onClick={() => go("market", { market: row.market })}>{row.title || row.market}</button> },
  { head: "state", cell: (row) => state(row) },
  { head: "opens", cell: (row) => row.opens && brief(row.opens) },
  { head: "closes", cell: (row) => row.closes && brief(row.closes) },
  { head: "asset", wide: true, cell: (row) => row.asset },
  { head: "venue", wide: true, cell: (row) => row.venue },
];

function state(row: Known): string {
  return row.winner !== null ? `resolved ${row.winner}` : row.payouts !== null ? `void, pays ${row.payouts.join(" / ")}` : row.state;
}

function All({ markets }: { markets: Known[] }) {
  const rows = markets.filter((row) => passes(row.title, row.market, row.asset, row.state)).reverse();
  return (
    <>
      <h2>All markets <Filter /></h2>
      <Table caption="All markets" columns={columns} rows={rows} id={(row) => row.market} open={(row) => go("market", { market: row.market })} />
    </>
  );
}

function Chosen({ known, all }: { known: Known; all: Known[] }) {
  const at = all.indexOf(known);
  const name = known.market;
  const positions = useView<Positions>("positions", { market: name });
  return (
    <>
      <div class="headline">
        <h2>{known.title || name}</h2>
        <Span known={known} />
        <span class="switches">
          {all.length > 1 && <Neighbour to={all[at - 1]} glyph="‹" what="earlier market" />}
          {all.length > 1 && <Neighbour to={all[at + 1]} glyph="›" what="later market" />}
          {all.length > 1 && <button type="button" onClick={() => go("market")}>all {count(all.length)} markets</button>}
        </span>
      </div>
      <Answered view={positions.value}>{(answer) => answer.positions.length === 0
        ? <p class="fine">Nothing was bought or sold here.</p>
        : answer.positions.map((position) => <Held key={position.account} position={position} alone={answer.positions.length === 1} />)}
      </Answered>
      <MarketCharts known={known} held={positions.value.answer?.positions} />
      <div class="columns">
        <section>
          <h2>Orders</h2>
          <MarketOrders market={name} />
          <h2>Fills</h2>
          <MarketFills market={name} />
        </section>
        <section>
          <h2>Book</h2>
          <BookLadder market={name} />
        </section>
      </div>
    </>
  );
}

function Neighbour({ to, glyph, what }: { to: Known | undefined; glyph: string; what: string }) {
  return <button type="button" disabled={!to} aria-label={what} title={to?.title ?? what} onClick={() => to && go("market", { market: to.market })}>{glyph}</button>;
}

function Span({ known }: { known: Known }) {
  const left = known.closes === null ? null : Date.parse(known.closes) - clockNow.value;
  return (
    <span class="dim">
      {known.opens && known.closes && `${brief(known.opens)} – ${clock(known.closes)} ${zoneName.value} · `}
      <b>{known.state === "open" && left !== null && left > 0 ? `${lasting(left)} left` : state(known)}</b>
    </span>
  );
}

interface Side { position: Position; side: number }

const sides: Column<Side>[] = [
  { head: "outcome", cell: ({ position, side }) => <b class={side === 0 ? "up" : "down"}>{side === 0 ? "▲" : "▼"} {outcome(position, side).name}</b> },
  {
    head: "resting", unit: "shares, not held", right: true,
    cell: ({ position, side }) => <span class="resting"><Shares value={outcome(position, side).resting} about={position.market} figure="resting" /></span>,
  },
  ...(["matched", "settled", "failed"] as const).map((name): Column<Side> => ({
    head: name, unit: "shares", right: true,
    cell: ({ position, side }) => <Shares value={outcome(position, side)[name]} about={position.market} figure={name} />,
  })),
  { head: "cost", unit: "USD", right: true, cell: ({ position, side }) => <Amount value={outcome(position, side).cost} about={position.market} figure="cost" /> },
  { head: "average", unit: "USD a share", right: true, wide: true, cell: ({ position, side }) => <Price value={outcome(position, side).average_price} about={position.market} figure="average_price" /> },
  { head: "if it wins", unit: "USD to come", right: true, cell: ({ position, side }) => <Result value={position.if_outcome?.[side] ?? null} about={position.market} figure="if_outcome" /> },
];

const outcome = (position: Position, side: number) => position.outcomes[side] as Position["outcomes"][number];

function Held({ position, alone }: { position: Position; alone: boolean }) {
  return (
    <div class="held">
      {!alone && <h3>Account {position.account}</h3>}
      <Table caption={`Position of ${position.account}`} columns={sides} rows={[{ position, side: 0 }, { position, side: 1 }]} id={({ side }) => side} />
      <dl class="totals">
        <div><dt>hedge <small>60 and 80 % marked</small></dt><dd class="plain"><HedgeBar position={position} /></dd></div>
        <div><dt>unhedged <small>shares</small></dt><dd><Shares value={position.imbalance_shares} about={position.market} figure="imbalance_shares" /></dd></div>
        <div><dt>pair cost <small>USD</small></dt><dd><Price value={position.pair_cost} about={position.market} figure="pair_cost" /></dd></div>
        <div><dt>realized <small>USD</small></dt><dd><Result value={position.realized} about={position.market} figure="realized" /></dd></div>
        <div><dt>edge</dt><dd><Result value={position.edge} about={position.market} figure="edge" /></dd></div>
        <div><dt>direction</dt><dd><Result value={position.direction} about={position.market} figure="direction" /></dd></div>
        {position.flags.length > 0 && <div><dt>flags</dt><dd class="plain warning">⚠ {position.flags.join(", ")}</dd></div>}
      </dl>
    </div>
  );
}

export const marketScreen: Screen = { key: "2", id: "market", title: "Market", View: Market };
