// The charts of a market as tables.
import type { Movement } from "../data/api.ts";
import { sharesOf, type Depth, type Print, type Quote, type Story } from "../data/story.ts";
import { decimal, exact, percent, ratio } from "../show/format.ts";
import { Table, type Column } from "../show/table.tsx";
import { clock } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";
import { Seq } from "../shell/why.tsx";
import { pairPrice, pairs, type PairQuote } from "./market_series.ts";

const at = (seconds: number | undefined): string => (seconds === undefined ? "–" : clock(new Date(seconds * 1000).toISOString()));
const price = (text: string | null): string => (text === null ? "–" : decimal(text, 2));
const seq = { head: "event", right: true, cell: (row: { seq: number }) => <Seq seq={row.seq} /> };

/** Prices and our fills of one outcome, as they came. */
type Said = Pick<Quote, "seq" | "time"> & { bid?: string | null; ask?: string | null; fill?: Print };

const said: Column<Said>[] = [
  seq,
  { head: "time", cell: (row) => at(row.time) },
  { head: "bid", unit: "USD", right: true, has: (row) => row.bid !== undefined, cell: (row) => row.bid !== undefined && price(row.bid) },
  { head: "ask", unit: "USD", right: true, has: (row) => row.ask !== undefined, cell: (row) => row.ask !== undefined && price(row.ask) },
  { head: "fill", unit: "shares for USD", has: (row) => row.fill !== undefined, cell: (row) => row.fill && filled(row.fill) },
];

function filled({ side, shares, cost, voided }: Print) {
  return <>{side === "buy" ? "▲ bought" : "▼ sold"} {exact(shares)} for {exact(cost)}{voided !== null && <span class="bad"> ✖ void</span>}</>;
}

export function QuotesTable({ story, side }: { story: Story; side: 0 | 1 }) {
  const fills: Said[] = story.prints.filter((print) => print.outcome === side).map((fill) => ({ seq: fill.seq, time: fill.time, fill }));
  const rows = [...story.quotes[side], ...fills].sort((a, b) => a.seq - b.seq);
  return <Table caption="Best prices and fills" columns={said} rows={rows} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}

const sums: Column<PairQuote>[] = [
  seq,
  { head: "time", cell: (row) => at(row.time) },
  { head: "bids", unit: "USD", right: true, cell: (row) => price(pairPrice(row, "bid")) },
  { head: "asks", unit: "USD", right: true, cell: (row) => price(pairPrice(row, "ask")) },
];

export function SumTable({ story }: { story: Story }) {
  return <Table caption="What a pair costs and brings" columns={sums} rows={pairs(story)} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}

const moves = (story: Story, names: string[]): Column<Movement>[] => [
  seq,
  { head: "time", cell: (row) => at(story.times.get(row.seq)) },
  { head: "what", cell: (row) => `${row.what} ${row.outcome}` },
  { head: names[0], unit: "shares", right: true, cell: (row) => exact(row.up_after) },
  { head: names[1], unit: "shares", right: true, cell: (row) => exact(row.down_after) },
  { head: "hedge", right: true, cell: (row) => hedge(row) },
];

function hedge(row: Movement): string {
  const share = ratio(row.up_after, row.down_after);
  return share === null ? "–" : percent(share);
}

export function MovesTable({ moves: rows, story, names }: { moves: Movement[]; story: Story; names: string[] }) {
  return <Table caption="What moved the position" columns={moves(story, names)} rows={rows} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}

const depths = (names: string[]): Column<Depth>[] => [
  seq,
  { head: "time", cell: (row) => at(row.time) },
  { head: "outcome", cell: (row) => names[row.side] },
  { head: "wanted", unit: "shares", right: true, cell: (row) => exact(sharesOf(row.bids), 0) },
  { head: "offered", unit: "shares", right: true, cell: (row) => exact(sharesOf(row.asks), 0) },
];

export function DepthTable({ story, names }: { story: Story; names: string[] }) {
  return <Table caption="Depth" columns={depths(names)} rows={story.depths} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}
