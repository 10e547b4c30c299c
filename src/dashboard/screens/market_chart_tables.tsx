// The charts of a market as tables.
import type { Movement, Snapshot } from "../data/api.ts";
import type { Quote, Story } from "../data/story.ts";
import { decimal, exact, percent, ratio } from "../show/format.ts";
import { Table, type Column } from "../show/table.tsx";
import { clock } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";
import { Seq } from "../shell/why.tsx";
import { pairPrices } from "./market_series.ts";

const at = (seconds: number | undefined): string => (seconds === undefined ? "–" : clock(new Date(seconds * 1000).toISOString()));
const price = (text: string | null): string => (text === null ? "–" : decimal(text, 2));
const seq = { head: "event", right: true, cell: (row: { seq: number }) => <Seq seq={row.seq} /> };

const quotes: Column<Quote>[] = [
  seq,
  { head: "time", cell: (row) => at(row.time) },
  { head: "bid", unit: "USD", right: true, cell: (row) => price(row.bid) },
  { head: "ask", unit: "USD", right: true, cell: (row) => price(row.ask) },
];

export function QuotesTable({ story, side }: { story: Story; side: 0 | 1 }) {
  return <Table caption="Best prices" columns={quotes} rows={story.quotes[side]} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}

export function SumTable({ story }: { story: Story }) {
  return <Table caption="What a pair costs and brings" columns={quotes} rows={pairPrices(story)} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
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

const depths: Column<Snapshot>[] = [
  seq,
  { head: "time", cell: (row) => clock(row.time) },
  { head: "outcome", cell: (row) => row.outcome },
  { head: "wanted", unit: "shares", right: true, cell: (row) => row.bid_depth && exact(row.bid_depth, 0) },
  { head: "offered", unit: "shares", right: true, cell: (row) => row.ask_depth && exact(row.ask_depth, 0) },
];

export function DepthTable({ snapshots }: { snapshots: Snapshot[] }) {
  return <Table caption="Depth" columns={depths} rows={snapshots} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}
