// What was made and lost, what was said of it, and whether the cash adds up.
import type { AccountCash, Cash, Claim, Claims, Daily, MarketPnl, Pnl } from "../data/api.ts";
import { go } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { Bars, type Bar } from "../show/bars.tsx";
import { Amount, Figure, Result } from "../show/figure.tsx";
import { decimal, isZero, pixels, sign, signed } from "../show/format.ts";
import { Answered, Empty } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { between, brief, zone, zoneName } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";
import { Filter } from "../shell/filter.tsx";
import { passes } from "../shell/settings.ts";
import type { Screen } from "./screen.ts";

function Money() {
  const pnl = useView<Pnl>("pnl");
  const claims = useView<Claims>("claims");
  // A balance is of all time: what is unexplained is the same in every epoch.
  const cash = useView<Cash>("cash", { epoch: "all" });
  const daily = useView<Daily>("daily", { tz: zone.value });
  return (
    <>
      <div class="halves">
        <section>
          <h2>Result <small>USD{since(pnl.value.answer)}</small></h2>
          <Answered view={pnl.value}>{(answer) => <Made pnl={answer} claims={claims.value.answer?.claims ?? []} />}</Answered>
        </section>
        <section>
          <h2>Cash <small>USD, all time</small></h2>
          <Answered view={cash.value}>{(answer) => answer.accounts.length === 0 ? <p class="fine">Nothing was paid or received.</p>
            : answer.accounts.map((account) => <Bridge key={account.account} account={account} alone={answer.accounts.length === 1} />)}</Answered>
        </section>
      </div>
      <h2>By market <Filter /></h2>
      <Answered view={pnl.value}>{(answer) => answer.markets.length === 0
        ? <Empty what="No market yet. What each made, by edge and direction, stands here." commands={["daybook ingest FILE"]} />
        : <Table caption="By market" columns={columnsOf(answer.markets)} rows={answer.markets.filter((row) => passes(row.title, row.market, row.state)).reverse()} id={(row) => row.market + row.account} open={(row) => openWhy(row.market)} />}
      </Answered>
      <h2>By day <small>of {zoneName.value}</small></h2>
      <Answered view={daily.value}>{(answer) => answer.days.length === 0 ? <p class="fine">No day yet.</p>
        : <Table caption="By day" columns={days} rows={[...answer.days].reverse()} id={(row) => row.day + row.asset} />}</Answered>
    </>
  );
}

const since = (answer: Pnl | null): string => (answer?.epoch ? `, since epoch ${answer.epoch.name}` : "");

const kSpoken = new Set(["pnl", "realized"]);

/** The result, its two parts, and beside them what was said it was. */
function Made({ pnl, claims }: { pnl: Pnl; claims: Claim[] }) {
  const said = claims.filter((claim) => claim.market === null && kSpoken.has(claim.metric));
  const bar = (figure: "realized" | "edge" | "direction", what: string): Bar => ({
    label: <>{figure} <small>{what}</small></>, value: <Result value={pnl[figure]} about={figure} />, from: 0, to: pixels(pnl[figure]),
    tone: figure === "realized" ? "total" : sign(pnl[figure]) < 0 ? "out" : "in",
  });
  return (
    <>
      <Bars name="The result, its parts and claims" bars={[
        bar("realized", "by fills"),
        bar("edge", "locked pairs"),
        bar("direction", "unhedged legs"),
        ...said.map(claimed),
      ]} />
      {said.length === 0 && <p class="fine">Nobody said what it was: record claims of your bot or dashboard to compare.</p>}
      <dl class="totals">
        <div><dt>open, worst … best</dt><dd><Result value={pnl.open_worst} about="open_worst" /> … <Result value={pnl.open_best} about="open_best" /></dd></div>
        <div><dt>fees</dt><dd><Amount value={pnl.fees} about="fees" /></dd></div>
        {!isZero(pnl.fees_estimated) && <div><dt>of it estimated</dt><dd><Amount value={pnl.fees_estimated} about="fees" kind="estimate" /></dd></div>}
        {!isZero(pnl.rewards) && <div><dt>rewards</dt><dd>{decimal(pnl.rewards, 2)}</dd></div>}
      </dl>
    </>
  );
}

function claimed(claim: Claim): Bar {
  const verdict = claim.fact === null ? "nothing to compare with"
    : claim.finding ? <span class="bad">✖ fact {signed(claim.fact)}, off by {decimal(claim.difference ?? "0", 2)}</span>
    : <span class="good">✓ as the fills say</span>;
  return {
    label: <>{claim.source} said</>,
    value: <Figure about={claim.seq} kind="claim" exactly={claim.value}>{signed(claim.value)}</Figure>,
    from: 0, to: pixels(claim.value), tone: "claimed", note: <>{verdict} <span class="dim">{claim.about ? `about ${between(claim.about.from, claim.about.to)}` : brief(claim.time)}</span></>,
  };
}

/** Cash from the first observed balance to the last one. */
function Bridge({ account, alone }: { account: AccountCash; alone: boolean }) {
  return (
    <>
      {!alone && <h3>{account.account}</h3>}
      <Bars name={`Cash of ${account.account}`} bars={bridge(account)} />
      {account.observed === null && <p class="fine">No balance was observed, so nothing says whether it adds up. Record one: <code>{"{\"type\":\"balance\",\"cash\":\"500\"}"}</code></p>}
    </>
  );
}

function bridge(account: AccountCash): Bar[] {
  let level = account.opening === null ? 0 : pixels(account.opening);
  const whole = (label: string, value: string, about: string | number | null, tone: string): Bar => ({
    label, value: about === null ? decimal(value, 2) : <Amount value={value} about={about} />, from: 0, to: pixels(value), tone,
  });
  const flow = (label: string, value: string, way: 1 | -1, about: string | null): Bar => {
    const from = level;
    level += way * pixels(value);
    const shown = signed(way < 0 ? negative(value) : value);
    return {
      label, from, to: level, tone: way * sign(value) < 0 ? "out" : "in",
      value: about === null ? shown : <Figure about={about} exactly={value} class={isZero(value) ? "even" : ""}>{shown}</Figure>,
    };
  };
  const flows = [
    flow("bought", account.bought, -1, "bought"), flow("sold", account.sold, 1, "sold"), flow("redeemed", account.redeemed, 1, "redeemed"),
    ...maybe(account.merged, (value) => flow("merged pairs", value, 1, "merged")),
    ...maybe(account.split, (value) => flow("split into pairs", value, -1, "split")),
    ...maybe(account.fees, (value) => flow("fees", value, -1, "fees")),
    ...maybe(account.transfers, (value) => flow("transfers", value, 1, null)),
  ];
  return [
    ...(account.opening === null ? [] : [whole("opening balance", account.opening, null, "total")]),
    ...flows,
    ...(account.expected === null ? [] : [whole("expected", account.expected, null, "total")]),
    ...(account.unexplained === null ? [] : [unexplained(account, account.unexplained)]),
    ...(account.observed === null ? [] : [whole("observed", account.observed, account.observed_seq, "total")]),
  ];
}

const maybe = (value: string, bar: (value: string) => Bar): Bar[] => (isZero(value) ? [] : [bar(value)]);
const negative = (value: string): string => (isZero(value) ? value : value.startsWith("-") ? value.slice(1) : `-${value}`);

function unexplained(account: AccountCash, value: string): Bar {
  const from = pixels(account.expected);
  return {
    label: <b>unexplained</b>, value: <b class={isZero(value) ? "good" : "bad"}>{signed(value)}</b>, from, to: from + pixels(value),
    tone: "unexplained", note: isZero(value) ? "✓ adds up" : "✖ no event explains it",
  };
}

function columnsOf(rows: MarketPnl[]): Column<MarketPnl>[] {
  const most = Math.max(1e-9, ...rows.flatMap((row) => [Math.abs(pixels(row.edge)), Math.abs(pixels(row.direction))]));
  const result = (name: "realized" | "edge" | "direction"): Column<MarketPnl> => ({
    head: name, unit: "USD", right: true, cell: (row) => <Result value={row[name]} about={row.market} figure={name} />,
  });
  const amount = (name: "bought" | "sold" | "redeemed" | "fees"): Column<MarketPnl> => ({
    head: name, unit: "USD", right: true, wide: true, cell: (row) => <Amount value={row[name]} about={row.market} figure={name} />,
  });
  return [
    { head: "market", cell: (row) => <button type="button" class="link name" title={row.title} onClick={(event) => { event.stopPropagation(); go("market", { market: row.market }); }}>{row.title || row.market}</button> },
    { head: "account", wide: true, has: (row) => row.account !== "main", cell: (row) => row.account },
    result("realized"), result("edge"), result("direction"),
    { head: <><i class="key up" />edge <i class="key down" />direction</>, wide: true, cell: (row) => <Split row={row} most={most} /> },
    amount("bought"), amount("sold"), amount("redeemed"), amount("fees"),
    { head: "open, worst", unit: "USD", right: true, wide: true, has: (row) => row.worst !== null, cell: (row) => <Result value={row.worst} about={row.market} figure="worst" /> },
    { head: "best", unit: "USD", right: true, wide: true, has: (row) => row.best !== null, cell: (row) => <Result value={row.best} about={row.market} figure="best" /> },
  ];
}

/** Edge and direction around zero, in one cell. */
function Split({ row, most }: { row: MarketPnl; most: number }) {
  const width = (text: string) => (Math.abs(pixels(text)) / most) * 50;
  const left = (text: string) => (sign(text) < 0 ? 50 - width(text) : 50);
  return (
    <svg class="split" width="120" height="16" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      <rect class="up" x={left(row.edge)} y="2" width={width(row.edge)} height="5" />
      <rect class="down" x={left(row.direction)} y="9" width={width(row.direction)} height="5" />
      <path d="M50 0V16" />
    </svg>
  );
}

const days: Column<Daily["days"][number]>[] = [
  { head: "day", cell: (row) => row.day },
  { head: "asset", cell: (row) => row.asset || "–" },
  ...(["realized", "edge", "direction"] as const).map((name): Column<Daily["days"][number]> => ({ head: name, unit: "USD", right: true, cell: (row) => <Result value={row[name]} about={name} /> })),
  { head: "fills", right: true, cell: (row) => row.fills },
  ...(["bought", "sold", "redeemed", "fees"] as const).map((name): Column<Daily["days"][number]> => ({ head: name, unit: "USD", right: true, wide: true, cell: (row) => <Amount value={row[name]} about={name} /> })),
];

export const money: Screen = { key: "3", id: "money", title: "Money", View: Money };
