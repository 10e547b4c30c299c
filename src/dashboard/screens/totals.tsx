// The result in one line.
import type { Pnl, Position } from "../data/api.ts";
import { Amount, Ratio, Result } from "../show/figure.tsx";
import { count } from "../show/format.ts";

export function Totals({ pnl, positions }: { pnl: Pnl; positions?: Position[] | undefined }) {
  return (
    <dl class="totals">
      <div><dt>realized{pnl.epoch && ` since ${pnl.epoch.name}`} <small>USD</small></dt><dd class="large"><Result value={pnl.realized} about="realized" /></dd></div>
      <div><dt>= edge <small>locked pairs</small></dt><dd><Result value={pnl.edge} about="edge" /></dd></div>
      <div><dt>+ direction <small>unhedged legs</small></dt><dd><Result value={pnl.direction} about="direction" /></dd></div>
      <div><dt>open, worst … best <small>USD to come</small></dt>
        <dd><Result value={pnl.open_worst} about="open_worst" /> … <Result value={pnl.open_best} about="open_best" /></dd></div>
      <div><dt>fees <small>USD</small></dt><dd><Amount value={pnl.fees} about="fees" /></dd></div>
      <div><dt>open markets</dt><dd>{count(pnl.open_markets)} <small>of {count(pnl.open_markets + pnl.resolved_markets)}</small></dd></div>
      {positions && <LowestHedge positions={positions} />}
    </dl>
  );
}

/** Of open markets. Ratios are told with four decimals at most, so their text sorts as they do. */
function LowestHedge({ positions }: { positions: Position[] }) {
  const open = positions.filter((position) => position.state === "open" && position.hedge_ratio !== null);
  const lowest = open.sort((a, b) => (a.hedge_ratio ?? "").localeCompare(b.hedge_ratio ?? "", "en"))[0];
  if (!lowest) return null;
  return (
    <div><dt>lowest hedge <small>{lowest.title}</small></dt>
      <dd><Ratio value={lowest.hedge_ratio} about={lowest.market} figure="hedge_ratio" /></dd></div>
  );
}
