import type { Book, Books, Fill, Fills, Order, Orders } from "../data/api.ts";
import { useView } from "../data/views.ts";
import { Amount, Price, Shares } from "../show/figure.tsx";
import { decimal, exact, words } from "../show/format.ts";
import { Answered } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { clock } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";

const orders: Column<Order>[] = [
  { head: "order", cell: (row) => `${row.side} ${row.outcome}` },
  { head: "state", cell: (row) => <span class={row.state}>{words(row.state)}</span> },
  { head: "price", unit: "USD", right: true, has: (row) => row.price !== null, cell: (row) => <Price value={row.price} about={row.first_seq} places={2} /> },
  { head: "ordered", unit: "shares", right: true, cell: (row) => <Shares value={row.shares} about={row.first_seq} /> },
  { head: "resting", unit: "not held", right: true, cell: (row) => <span class="resting"><Shares value={row.open} about={row.last_seq} /></span> },
  { head: "filled", unit: "shares", right: true, cell: (row) => <Shares value={row.filled} about={row.last_seq} /> },
  { head: "failed", unit: "shares", right: true, wide: true, cell: (row) => <Shares value={row.failed} about={row.last_seq} /> },
  { head: "said matched", unit: "claim", right: true, wide: true, has: (row) => row.claimed_matched !== null, cell: (row) => <Shares value={row.claimed_matched} about={row.last_seq} kind="claim" /> },
  { head: "sent", wide: true, cell: (row) => row.intent_time && clock(row.intent_time) },
  { head: "reason", wide: true, has: (row) => row.reason !== null, cell: (row) => row.reason },
];

export function MarketOrders({ market }: { market: string }) {
  const view = useView<Orders>("orders", { market });
  return <Answered view={view.value}>{(answer) => answer.orders.length === 0 ? <p class="fine">No order.</p>
    : <Table caption="Orders" columns={orders} rows={answer.orders} id={(row) => row.first_seq} open={(row) => openWhy(row.last_seq)} />}</Answered>;
}

const fills: Column<Fill>[] = [
  { head: "time", cell: (row) => clock(row.time) },
  { head: "fill", cell: (row) => <span class={row.side}>{row.side === "buy" ? "▲" : "▼"} {row.side} {row.outcome}</span> },
  { head: "shares", right: true, cell: (row) => <Shares value={row.shares} about={row.seq} /> },
  { head: "cost", unit: "USD", right: true, cell: (row) => <Amount value={row.cost} about={row.seq} /> },
  { head: "fee", unit: "USD", right: true, wide: true, has: (row) => row.fee !== null, cell: (row) => <Amount value={row.fee} about={row.seq} /> },
  { head: "settlement", cell: (row) => <span class={row.settlement === "failed" ? "bad" : row.settlement === "confirmed" ? "good" : "warning"}>{{ confirmed: "✓", failed: "✖" }[row.settlement] ?? "…"} {row.settlement}</span> },
  { head: "role", wide: true, has: (row) => row.role !== null, cell: (row) => row.role },
];

export function MarketFills({ market }: { market: string }) {
  const view = useView<Fills>("fills", { market });
  return <Answered view={view.value}>{(answer) => answer.fills.length === 0 ? <p class="fine">No fill.</p>
    : <Table caption="Fills" columns={fills} rows={answer.fills} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />}</Answered>;
}

const kLevels = 8;

interface Level { price: string; bid: string | null; ask: string | null }

const ladder: Column<Level>[] = [
  { head: "bid", unit: "shares", right: true, cell: (row) => row.bid && exact(row.bid, 0) },
  { head: "price", unit: "USD", right: true, cell: (row) => <b class={row.bid === null ? "dim" : ""}>{decimal(row.price, 2)}</b> },
  { head: "ask", unit: "shares", right: true, cell: (row) => row.ask && exact(row.ask, 0) },
];

export function BookLadder({ market }: { market: string }) {
  const view = useView<Books>("book", { market });
  return <Answered view={view.value}>{({ books }) => books.length === 0
    ? <p class="fine">No book was recorded. <code>daybook record polymarket</code> records them.</p>
    : <>{[...books].reverse().map((book) => <OneBook key={book.outcome} book={book} />)}</>}</Answered>;
}

function OneBook({ book }: { book: Book }) {
  const asks = book.asks.slice(0, kLevels).reverse().map(([price, shares]) => ({ price, ask: shares, bid: null }));
  const bids = book.bids.slice(0, kLevels).map(([price, shares]) => ({ price, bid: shares, ask: null }));
  return (
    <>
      <p class="over"><b>{book.outcome}</b> {book.trusted ? <span class="good">✓ whole</span> : <span class="warning">⚠ in doubt: {words(book.distrust)}</span>}
        {book.time && <span class="dim"> {clock(book.time)}</span>}</p>
      <Table caption={`Book of ${book.outcome}`} columns={ladder} rows={[...asks, ...bids]} id={(row) => `${row.price}${row.bid === null}`} open={() => openWhy(book.seq)} />
    </>
  );
}
