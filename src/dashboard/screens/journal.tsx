// What was recorded, event by event, in order.
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Event, Markets } from "../data/api.ts";
import { around, earlier, follows, later, latest, market, problem, read, reading, rows, type } from "../data/journal_page.ts";
import { head } from "../data/live.ts";
import { at, event as chosen } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { count, words } from "../show/format.ts";
import { Command, Empty, Trouble } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { brief, clock, day } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";
import { passes } from "../shell/settings.ts";
import { Filter } from "../shell/filter.tsx";
import type { Screen } from "./screen.ts";

const kTypes = ["market_defined", "market_changed", "market_resolved", "book", "book_change", "quote", "trade", "price",
  "feed", "order_intent", "order_status", "fill", "fill_settlement", "fill_correction", "merge", "split", "redemption",
  "transfer", "balance", "decision", "guard", "claim", "halt", "resume", "flag", "limits", "epoch", "note", "log",
  "unparsed", "recorder_started", "recorder_stopped", "recovered", "lost"];
/** Fields that have a column, or are the same in nearly every event. */
const kElsewhere = new Set(["seq", "type", "time", "received", "mono", "venue", "account", "market", "origin", "mode", "raw", "raw_base64"]);

const raw = signal(false);

function Journal() {
  useEffect(() => read(chosen.peek()), []);
  useEffect(() => {
    const seq = chosen.value;
    if (seq === null) return;
    if (!rows.peek().some((row) => row.seq === seq) && !reading.peek()) around(seq);
    openWhy(seq);
  }, [chosen.value]);
  return (
    <section>
      <h2>Journal <Filter /></h2>
      <Controls />
      {problem.value && <Trouble problem={problem.value} />}
      <Page />
    </section>
  );
}

function Controls() {
  const markets = useView<Markets>("markets").value.answer?.markets ?? [];
  return (
    <div class="controls">
      <label>type <select value={type.value ?? ""} onChange={({ currentTarget }) => (type.value = currentTarget.value || null)}>
        <option value="">all</option>
        {kTypes.map((name) => <option key={name} value={name}>{words(name)}</option>)}
      </select></label>
      <label>market <select value={market.value ?? ""} onChange={({ currentTarget }) => (market.value = currentTarget.value || null)}>
        <option value="">all</option>
        {markets.map((one) => <option key={one.market} value={one.market}>{one.title || one.market}</option>)}
      </select></label>
      <button type="button" aria-pressed={raw.value} onClick={() => (raw.value = !raw.value)}>raw</button>
      <span class="turn">
        <button type="button" onClick={earlier} disabled={(rows.value[0]?.seq ?? 1) <= 1}>‹ earlier</button>
        <button type="button" onClick={later} disabled={follows.value || (rows.value.at(-1)?.seq ?? 0) >= (at.value ?? head.value?.seq ?? 0)}>later ›</button>
        <button type="button" aria-pressed={follows.value} onClick={latest} disabled={at.value !== null}>follow</button>
      </span>
    </div>
  );
}

function Page() {
  const box = useRef<HTMLDivElement>(null);
  const titles = titlesOf(useView<Markets>("markets").value.answer);
  const shown = rows.value.filter((row) => passes(row.type, row.market, titles.get(row.market ?? ""), said(row)));
  const last = shown.at(-1)?.seq;
  useLayoutEffect(() => {
    const list = box.current?.firstElementChild;
    if (list && follows.value) list.scrollTop = list.scrollHeight;
  }, [last, follows.value]);
  useLayoutEffect(() => {
    const place = shown.findIndex((row) => row.seq === chosen.value);
    const list = box.current?.firstElementChild;
    if (!list || place < 0 || follows.value) return;
    list.scrollTop = Math.max(0, place - 5) * 30;
    list.querySelector("tr.marked")?.scrollIntoView({ block: "nearest" });
  }, [chosen.value, shown.length]);
  if (rows.value.length === 0)
    return problem.value ? null : reading.value ? <p class="waiting" role="status">reading …</p>
      : <Empty what={type.value || market.value ? "No such event is recorded." : "Nothing is recorded yet. What bots and venues say stands here, in order."} commands={["daybook ingest FILE"]} />;
  return (
    <>
      <div ref={box} class="tall">
        <Table caption="Events" columns={columnsOf(titles)} rows={shown} id={(row) => row.seq} marked={(row) => row.seq === chosen.value}
          open={(row) => {
            if (chosen.value === row.seq) openWhy(row.seq);
            chosen.value = row.seq;
          }} />
      </div>
      <Command text={command()} />
      {chosen.value !== null && <Command text={location.href} />}
    </>
  );
}

/** The call that prints this page. */
function command(): string {
  const words = ["daybook query events"];
  if (type.value) words.push(`--type ${type.value}`);
  if (market.value) words.push(`--market ${market.value}`);
  return [...words, `--from ${rows.value[0]?.seq}`, `--to ${rows.value.at(-1)?.seq}`].join(" ");
}

function titlesOf(answer: Markets | null): Map<string, string> {
  return new Map(answer?.markets.filter(({ title }) => title).map(({ market, title }) => [market, title]));
}

const columnsOf = (titles: Map<string, string>): Column<Event>[] => [
  { head: "event", right: true, cell: (row) => <button type="button" class="link seq" onClick={() => (chosen.value = row.seq)}>#{count(row.seq)}</button> },
  { head: "time", unit: "as told", cell: (row) => row.time ? <span title={row.time}>{brief(row.time)}</span> : <span class="absent">–</span> },
  { head: "received", wide: true, cell: (row) => <span class="dim" title={row.received}>{row.time && day(row.time) === day(row.received) ? clock(row.received) : brief(row.received)}</span> },
  { head: "type", cell: (row) => <span class={row.type === "unparsed" || row.type === "lost" ? "bad" : ""}>{words(row.type)}</span> },
  { head: "market", wide: true, cell: (row) => row.market ? <span title={row.market}>{titles.get(row.market) ?? row.market}</span> : <span class="absent">–</span> },
  { head: "says", cell: (row) => <span class={raw.value ? "said mono" : "said"}>{raw.value ? received(row) : said(row)}</span> },
  { head: "from", wide: true, cell: (row) => <span class="dim">{[row.origin, row.mode === "dry_run" ? "dry run" : row.mode].filter(Boolean).join(", ")}</span> },
];

/** As it came; an event told in our own form is its own source. */
const received = (event: Event): string => event.raw ?? event.raw_base64 ?? JSON.stringify(event);

function said(event: Event): string {
  return Object.entries(event).filter(([field]) => !kElsewhere.has(field)).map(([field, value]) => `${words(field)} ${told(value)}`).join(" · ");
}

function told(value: unknown): string {
  if (Array.isArray(value)) return `(${value.length})`;
  return typeof value === "object" && value !== null ? Object.values(value).map(told).join(" … ") : String(value);
}

export const journal: Screen = { key: "5", id: "journal", title: "Journal", View: Journal };
