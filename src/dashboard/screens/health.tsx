// Can the record be trusted: what came from where, what is missing, what could not be read.
import { useEffect, useState } from "preact/hooks";
import type { Coverage, Event, Health, Trouble } from "../data/api.ts";
import { at } from "../data/place.ts";
import { askLines } from "../data/rest.ts";
import { useView } from "../data/views.ts";
import { count, words } from "../show/format.ts";
import { Answered, Empty } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { brief, lasting, now } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";
import { Seq } from "../shell/why.tsx";
import type { Screen } from "./screen.ts";

const kFeedsMost = 200;

function DataHealth() {
  const health = useView<Health>("health");
  return <Answered view={health.value}>{(answer) => <Told health={answer} />}</Answered>;
}

function Told({ health }: { health: Health }) {
  if (health.coverage.length === 0)
    return <Empty what="Nothing is recorded yet. What each feed brought, and what it did not, stands here." commands={["daybook ingest FILE", "daybook record polymarket --assets BTC,ETH --window 15m"]} />;
  return (
    <>
      <Sums health={health} />
      <section>
        <h2>Coverage</h2>
        <Table caption="Coverage" columns={columns} rows={health.coverage} id={nameOf} open={(row) => openWhy(row.last_seq)} marked={isHoled} />
      </section>
      <section>
        <h2>What should not be</h2>
        {health.troubles.length === 0 ? <p class="fine">✓ nothing unparsed, no duplicate, no contradiction</p>
          : <Table caption="What should not be" columns={troubleColumns} rows={health.troubles} id={(row) => row.what + row.detail} open={(row) => openWhy(row.first_seq)} />}
      </section>
      <section>
        <h2>Feeds, latest first</h2>
        <Feeds asOf={health.as_of.seq} />
      </section>
    </>
  );
}

function Sums({ health }: { health: Health }) {
  const sum = (of: (row: Coverage) => number) => health.coverage.reduce((all, row) => all + of(row), 0);
  const troubles = (what: RegExp) => health.troubles.filter((row) => what.test(row.what)).reduce((all, row) => all + row.count, 0);
  const figures: [string, string, number][] = [
    ["events", "recorded", sum((row) => row.events)],
    ["gaps", "told by feeds", sum((row) => row.gap + row.lost)],
    ["stale", "open, yet silent", sum((row) => row.stale)],
    ["missing", "by stream numbers", sum((row) => row.missing)],
    ["unparsed", "kept as it came", troubles(/unparsed/)],
    ["duplicates", "said anew, differently", troubles(/duplicate/)],
  ];
  return (
    <dl class="totals">
      {figures.map(([name, note, figure], place) => (
        <div key={name}><dt>{name} <small>{note}</small></dt><dd class={place > 0 && figure > 0 ? "warning" : ""}>{place > 0 && figure > 0 && "⚠ "}{count(figure)}</dd></div>
      ))}
    </dl>
  );
}

const nameOf = (row: Coverage): string => [row.venue, row.channel, row.stream].filter(Boolean).join(" ");
const isHoled = (row: Coverage): boolean => row.lost + row.stale + row.gap + row.jumps + row.missing > 0;

function Counted({ figure }: { figure: number }) {
  return figure === 0 ? <span class="absent">0</span> : <span class="warning">⚠ {count(figure)}</span>;
}

function Age({ time }: { time: string }) {
  const past = at.value !== null;
  return <span title={time}>{past ? brief(time) : `${lasting(now.value - Date.parse(time))} ago`}</span>;
}

const columns: Column<Coverage>[] = [
  { head: "channel", cell: (row) => nameOf(row) },
  { head: "events", right: true, cell: (row) => count(row.events) },
  { head: "first", right: true, wide: true, cell: (row) => <Seq seq={row.first_seq} /> },
  { head: "last", right: true, wide: true, cell: (row) => <Seq seq={row.last_seq} /> },
  { head: "last received", right: true, cell: (row) => <Age time={row.last_received} /> },
  { head: "lost", right: true, cell: (row) => <Counted figure={row.lost} /> },
  { head: "stale", right: true, wide: true, cell: (row) => <Counted figure={row.stale} /> },
  { head: "gaps", right: true, cell: (row) => <Counted figure={row.gap} /> },
  { head: "jumps", unit: "of stream numbers", right: true, wide: true, cell: (row) => <Counted figure={row.jumps} /> },
  { head: "missing", right: true, cell: (row) => <Counted figure={row.missing} /> },
  { head: "longest silence", unit: "of the venue", right: true, wide: true, cell: (row) => lasting(row.venue_silence_ns / 1e6) },
];

const troubleColumns: Column<Trouble>[] = [
  { head: "what", cell: (row) => <span class="bad">✖ {words(row.what)}</span> },
  { head: "detail", cell: (row) => <span class="said">{row.detail}</span> },
  { head: "times", right: true, cell: (row) => count(row.count) },
  { head: "first", right: true, cell: (row) => <Seq seq={row.first_seq} /> },
  { head: "last", right: true, wide: true, cell: (row) => <Seq seq={row.last_seq} /> },
];

/** What the feeds said of themselves: connected, lost, a gap with its bounds. */
function Feeds({ asOf }: { asOf: number }) {
  const [feeds, setFeeds] = useState<Event[] | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    void askLines<Event>(`/v1/events?type=feed`, asking.signal).then((told) => {
      if ("answer" in told) setFeeds(told.answer.filter((event) => event.seq <= asOf).slice(-kFeedsMost).reverse());
    });
    return () => asking.abort();
  }, [asOf]);
  if (feeds === null) return <div class="skeleton" aria-hidden="true" />;
  if (feeds.length === 0) return <p class="fine">no feed has said anything of itself</p>;
  return <Table caption="Feeds" columns={feedColumns} rows={feeds} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />;
}

const kBadStates = new Set(["lost", "stale", "gap"]);

const feedColumns: Column<Event>[] = [
  { head: "event", right: true, cell: (row) => <Seq seq={row.seq} /> },
  { head: "time", cell: (row) => brief(row.time ?? row.received) },
  { head: "channel", cell: (row) => [row.venue, row["channel"]].filter(Boolean).join(" ") },
  { head: "state", cell: (row) => <span class={kBadStates.has(String(row["state"])) ? "bad" : ""}>{String(row["state"])}</span> },
  { head: "detail", cell: (row) => <span class="said">{String(row["detail"] ?? "")}</span> },
];

export const health: Screen = { key: "6", id: "health", title: "Data health", View: DataHealth };
