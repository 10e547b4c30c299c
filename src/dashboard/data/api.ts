// The answers of the server, as JSON: what `daybook query NAME --json` prints (contract §3, §4).
// Amounts are exact decimal text and stay text here; only a place on the screen is a number.

/** Exact decimal text, such as "-4.61". */
export type Decimal = string;
/** RFC 3339 UTC, up to 9 decimals. */
export type Time = string;
export type Sequence = number;
export type Mode = "live" | "dry_run";

/** RFC 9457, with `try`: what to do about it. */
export interface Problem {
  title: string;
  status: number;
  detail?: string;
  try?: string;
}

export interface AsOf {
  seq: Sequence;
  time: Time | null;
}

export interface Answer {
  v: 1;
  kind: string;
  as_of: AsOf;
  mode?: Mode;
  /** Since when flow figures count; absent: from the beginning. */
  epoch?: { name: string; begin: Sequence };
}

export interface Place {
  market: string;
  title: string;
  account: string;
}

export interface OutcomePosition {
  name: string;
  matched: Decimal;
  held: Decimal;
  settled: Decimal;
  failed: Decimal;
  resting: Decimal;
  resting_sell: Decimal;
  in_doubt: Decimal;
  cost: Decimal;
  average_price: Decimal | null;
}

export type Verdict = "flat" | "one_sided" | "imbalanced" | "overpaid" | "acceptable" | "good";

export interface Position extends Place {
  state: string;
  outcomes: OutcomePosition[];
  hedge_ratio: Decimal | null;
  imbalance_shares: Decimal;
  pair_cost: Decimal | null;
  verdict: Verdict;
  critical: boolean;
  realized: Decimal;
  edge: Decimal;
  direction: Decimal;
  fees: Decimal;
  if_outcome: Decimal[] | null;
  worst: Decimal | null;
  best: Decimal | null;
  flags: string[];
}

export interface Positions extends Answer {
  kind: "positions";
  positions: Position[];
}

export interface MarketPnl extends Place {
  state: string;
  realized: Decimal;
  edge: Decimal;
  direction: Decimal;
  fees: Decimal;
  bought: Decimal;
  sold: Decimal;
  redeemed: Decimal;
  worst: Decimal | null;
  best: Decimal | null;
}

export interface Pnl extends Answer {
  kind: "pnl";
  scope: { epoch?: string; market?: string };
  realized: Decimal;
  edge: Decimal;
  direction: Decimal;
  fees: Decimal;
  fees_estimated: Decimal;
  rewards: Decimal;
  open_worst: Decimal;
  open_best: Decimal;
  bought: Decimal;
  sold: Decimal;
  redeemed: Decimal;
  merged: Decimal;
  split: Decimal;
  open_markets: number;
  resolved_markets: number;
  markets: MarketPnl[];
}

export interface AccountCash {
  account: string;
  opening: Decimal | null;
  bought: Decimal;
  sold: Decimal;
  redeemed: Decimal;
  merged: Decimal;
  split: Decimal;
  fees: Decimal;
  fees_estimated: Decimal;
  transfers: Decimal;
  rewards: Decimal;
  expected: Decimal | null;
  observed: Decimal | null;
  observed_seq: Sequence | null;
  unexplained: Decimal | null;
}

export interface Cash extends Answer {
  kind: "cash";
  accounts: AccountCash[];
}

export interface Order extends Place {
  order: string;
  venue_order: string | null;
  outcome: string;
  side: "buy" | "sell";
  price: Decimal | null;
  shares: Decimal;
  state: string;
  filled: Decimal;
  open: Decimal;
  failed: Decimal;
  cost: Decimal;
  fills: number;
  raw_status: string | null;
  claimed_matched: Decimal | null;
  reason: string | null;
  group: string | null;
  purpose: string | null;
  intent_time: Time | null;
  live_time: Time | null;
  first_fill_time: Time | null;
  filled_time: Time | null;
  flags: string[];
  first_seq: Sequence;
  last_seq: Sequence;
}

export interface Orders extends Answer {
  kind: "orders";
  orders: Order[];
}

export interface Fill extends Place {
  seq: Sequence;
  trade: string;
  order: string;
  outcome: string;
  side: "buy" | "sell";
  shares: Decimal;
  cost: Decimal;
  fee: Decimal | null;
  fee_shares: Decimal | null;
  role: string | null;
  settlement: string;
  recorded: boolean;
  tx: string | null;
  time: Time;
  settled_time: Time | null;
  flags: string[];
}

export interface Fills extends Answer {
  kind: "fills";
  fills: Fill[];
}

export interface HedgeRow extends Place {
  state: string;
  up: Decimal;
  down: Decimal;
  hedge_ratio: Decimal | null;
  imbalance_shares: Decimal;
  verdict: Verdict;
  peak_imbalance: Decimal;
  peak_seq: Sequence | null;
  worst_ratio: Decimal | null;
  worst_seq: Sequence | null;
  below_min_ns: number;
  below_critical_ns: number;
}

export interface Hedge extends Answer {
  kind: "hedge";
  hedge: HedgeRow[];
}

export interface Day {
  day: string;
  from: Time;
  to: Time;
  hours: number;
  asset: string;
  realized: Decimal;
  edge: Decimal;
  direction: Decimal;
  fees: Decimal;
  fees_estimated: Decimal;
  fills: number;
  bought: Decimal;
  sold: Decimal;
  redeemed: Decimal;
}

export interface Daily extends Answer {
  kind: "daily";
  timezone: string;
  days: Day[];
}

export interface Claim {
  seq: Sequence;
  time: Time;
  account: string;
  source: string;
  metric: string;
  market: string | null;
  outcome: string | null;
  order: string | null;
  group: string | null;
  about: { from: Time; to: Time } | null;
  value: Decimal;
  fact: Decimal | null;
  difference: Decimal | null;
  finding: boolean;
}

export interface Claims extends Answer {
  kind: "claims";
  claims: Claim[];
}

export interface Market {
  market: string;
  title: string;
  venue: string;
  asset: string;
  event: string | null;
  aliases: string[];
  outcomes: { name: string; token: string }[];
  state: string;
  winner: string | null;
  payouts: Decimal[] | null;
  opens: Time | null;
  closes: Time | null;
  strike: Decimal | null;
  tick: Decimal | null;
  min_shares: Decimal | null;
  flags: string[];
  first_seq: Sequence;
}

export interface Markets extends Answer {
  kind: "markets";
  markets: Market[];
}

export type Severity = "critical" | "high" | "medium";

export interface Finding {
  severity: Severity;
  rule: string;
  market: string | null;
  title: string | null;
  account: string;
  cost: Decimal | null;
  text: string;
  threshold: string | null;
  seqs: Sequence[];
  meaning: string;
}

export interface Findings extends Answer {
  kind: "findings";
  findings: Finding[];
}

export interface Coverage {
  venue: string | null;
  channel: string;
  stream: string | null;
  events: number;
  first_seq: Sequence;
  last_seq: Sequence;
  first_received: Time;
  last_received: Time;
  lost: number;
  stale: number;
  gap: number;
  jumps: number;
  missing: number;
  venue_silence_ns: number;
  venue_silence_after_seq: Sequence | null;
}

export interface Trouble {
  what: string;
  detail: string;
  count: number;
  first_seq: Sequence;
  last_seq: Sequence;
}

export interface Health extends Answer {
  kind: "health";
  coverage: Coverage[];
  troubles: Trouble[];
}

export interface Level extends Array<Decimal> {
  0: Decimal;
  1: Decimal;
}

export interface Book {
  market: string;
  title: string;
  outcome: string;
  best_bid: Decimal | null;
  best_ask: Decimal | null;
  bid_shares: Decimal;
  ask_shares: Decimal;
  bids: Level[];
  asks: Level[];
  trusted: boolean;
  distrust: string;
  time: Time | null;
  quote_bid: Decimal | null;
  quote_ask: Decimal | null;
  last_trade_price: Decimal | null;
  seq: Sequence;
}

export interface Books extends Answer {
  kind: "book";
  books: Book[];
}

export interface Status extends Answer {
  kind: "status";
  data: string;
  journal: string;
  events: number;
  bytes: number;
  segments: number;
  chain: string;
}

export interface Projection {
  name: string;
  question: string;
  version: number;
  generation: number;
  state: string;
  seq: Sequence;
  lag: number;
  rows: number;
  bytes: number;
  digest: string;
  built: Time | null;
  reason: string | null;
  why: string | null;
  stalled_at: Sequence | null;
  builder: string | null;
  building: number | null;
  building_seq: Sequence | null;
}

export interface Projections {
  v: 1;
  kind: "projections";
  head: { seq: Sequence; chain: string };
  projections: Projection[];
}

/** An event of the journal: the fields all have, and those of its type. */
export interface Event {
  seq: Sequence;
  type: string;
  time?: Time;
  received: Time;
  venue?: string;
  account?: string;
  mode?: Mode;
  origin?: string;
  market?: string;
  raw?: string;
  raw_base64?: string;
  [field: string]: unknown;
}

export interface Figure {
  figure: string;
  formula: string;
  numbers: string;
}

export interface Movement {
  seq: Sequence;
  what: string;
  outcome: string;
  shares: Decimal | null;
  cost: Decimal | null;
  standing: string;
  up_after: Decimal;
  down_after: Decimal;
  realized_after: Decimal;
}

export interface Part extends Place {
  part: Decimal;
  first_seq: Sequence;
  last_seq: Sequence;
}

/** Of a market: figures and movements. Of a figure: formula and parts. Of an event: the event. */
export interface Why extends Answer {
  kind: "why";
  about: string | number;
  figures?: Figure[];
  movements?: Movement[];
  formula?: string;
  parts?: Part[];
  event?: Event;
  before?: string;
  after?: string;
  related?: Sequence[];
}

/** RFC 6902, of which the server uses three operations. */
export type Operation =
  | { op: "add" | "replace"; path: string; value: unknown }
  | { op: "remove"; path: string };

export type LiveMessage =
  | { v: 1; kind: "head"; seq: Sequence; time: Time | null; recording: boolean }
  | { v: 1; kind: "view"; view: string; seq: Sequence; answer?: unknown; problem?: Problem; patch?: Operation[] };
