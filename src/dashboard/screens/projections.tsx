// How each reading of the journal stands, and making one anew: the plan first, in full, then the act.
import { signal } from "@preact/signals";
import type { Projection, Projections } from "../data/api.ts";
import { at } from "../data/place.ts";
import { act, admin, apply, forget, plan as makePlan, type Applied, type Outcome, type ResetPlan } from "../data/reset.ts";
import { useView } from "../data/views.ts";
import { bytes, count, words } from "../show/format.ts";
import { Answered, Command, Trouble } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { brief } from "../show/time.ts";
import type { Screen } from "./screen.ts";

const chosen = signal<ReadonlySet<string>>(new Set());

function Standing() {
  if (at.value !== null)
    return <p class="waiting">Projections are shown as they stand now. <button type="button" onClick={() => (at.value = null)}>back to live</button></p>;
  return <Live />;
}

function Live() {
  const view = useView<Projections>("projections");
  return (
    <Answered view={view.value}>{(answer) => (
      <>
        <section>
          <h2>Projections <small>journal at #{count(answer.head.seq)}</small></h2>
          <Table caption="Projections" columns={columns} rows={answer.projections} id={(row) => row.name} open={({ name }) => choose(name)} marked={({ name }) => chosen.value.has(name)} />
        </section>
        <section>
          <h2>Reset</h2>
          <Reset projections={answer.projections} />
        </section>
      </>
    )}</Answered>
  );
}

function choose(name: string): void {
  const next = new Set(chosen.value);
  if (!next.delete(name)) next.add(name);
  chosen.value = next;
}

const columns: Column<Projection>[] = [
  { head: "reset", cell: ({ name }) => <input type="checkbox" aria-label={`reset ${name}`} checked={chosen.value.has(name)} onClick={(event) => event.stopPropagation()} onChange={() => choose(name)} /> },
  { head: "projection", cell: (row) => <span title={row.question}>{row.name}</span> },
  { head: "state", cell: (row) => <State row={row} /> },
  { head: "at", unit: "event", right: true, cell: (row) => `#${count(row.seq)}` },
  { head: "lag", unit: "events", right: true, cell: (row) => row.lag === 0 ? <span class="absent">0</span> : <span class="warning">{count(row.lag)}</span> },
  { head: "rows", right: true, cell: (row) => count(row.rows) },
  { head: "size", right: true, wide: true, cell: (row) => bytes(row.bytes) },
  { head: "version", right: true, wide: true, cell: (row) => row.version },
  { head: "generation", right: true, wide: true, cell: (row) => row.generation },
  { head: "built", wide: true, cell: (row) => row.built ? <span title={row.built}>{brief(row.built)}</span> : <span class="absent">–</span> },
  { head: "digest", wide: true, cell: (row) => row.digest ? <code title={row.digest}>{row.digest.slice(0, 12)}</code> : <span class="absent">–</span> },
  { head: "answers", wide: true, cell: (row) => <span class="said dim">{row.question}</span> },
];

function State({ row }: { row: Projection }) {
  if (row.stalled_at !== null) return <span class="bad" title={row.why ?? ""}>✖ stands still at #{count(row.stalled_at)}</span>;
  if (row.building !== null) return <span class="warning">⟳ building</span>;
  if (row.state === "current") return <span class="good">✓ current</span>;
  return <span class="warning" title={row.reason ?? ""}>{words(row.state)}</span>;
}

/** Nothing, a plan, an act under way, or what came of it. */
function Reset({ projections }: { projections: Projection[] }) {
  const names = projections.map(({ name }) => name).filter((name) => chosen.value.has(name));
  const { plan, applied, problem, doing } = act.value;
  return (
    <>
      <p>A reset builds a projection anew from the journal, beside the one that answers, and then takes its place. It removes no event.</p>
      <form class="controls" onSubmit={(event) => {
        event.preventDefault();
        void makePlan(names);
      }}>
        <label>admin token <input type="password" autocomplete="off" value={admin.value} onInput={({ currentTarget }) => (admin.value = currentTarget.value.trim())} /></label>
        <button type="submit" disabled={names.length === 0 || admin.value === "" || doing !== null}>show the plan</button>
        <span class="dim">{names.length === 0 ? "choose projections above" : names.join(", ")} · the token is the content of keys/admin.token; this page forgets it</span>
      </form>
      {plan && <Plan plan={plan} />}
      {problem && <Trouble problem={problem} />}
      {doing === "applying" && <Progress projections={projections} />}
      {applied && <Came applied={applied} />}
    </>
  );
}

function Plan({ plan }: { plan: ResetPlan }) {
  const { doing, problem } = act.value;
  const lines = plan.drop.flatMap((drop) => [
    ...drop.tables.map((table) => ({ projection: drop.projection, table: table.name, rows: table.rows, bytes: null as number | null })),
    { projection: drop.projection, table: "all", rows: drop.rows, bytes: drop.bytes },
  ]);
  const takes = plan.replay.expected_seconds;
  return (
    <div class="plan" role="region" aria-label="plan">
      <Table caption="What is dropped" columns={dropColumns} rows={lines} id={(row) => row.projection + row.table} />
      <p>stays, every one of {count(plan.replay.events)} recorded events: {counts(plan.keep)}</p>
      <p>of them folded again: {counts(plan.replay.by_type)}</p>
      <p>time: {takes === null ? "not known yet, no reset was timed" : `about ${takes} s, as the last reset took`}</p>
      <p><b>source events deleted: {plan.source_events_deleted}</b></p>
      <Command text={`daybook projections apply ${plan.plan}`} />
      <p class="acts">
        <button type="button" disabled={doing !== null} onClick={() => void apply(plan, false)}>apply the plan</button>
        {problem?.status === 409 && <button type="button" onClick={() => void apply(plan, true)}>apply it to what is recorded by now</button>}
        <button type="button" disabled={doing !== null} onClick={forget}>leave it</button>
      </p>
    </div>
  );
}

interface Line {
  projection: string;
  table: string;
  rows: number;
  bytes: number | null;
}

const dropColumns: Column<Line>[] = [
  { head: "projection", cell: (row) => row.projection },
  { head: "table", cell: (row) => row.table },
  { head: "rows dropped", right: true, cell: (row) => count(row.rows) },
  { head: "bytes", right: true, cell: (row) => row.bytes === null ? "" : count(row.bytes) },
];

const counts = (by: Record<string, number>): string =>
  Object.entries(by).map(([type, number]) => `${words(type)} ${count(number)}`).join(", ") || "none";

function Progress({ projections }: { projections: Projection[] }) {
  const building = projections.filter((row) => row.building !== null);
  if (building.length === 0) return <p class="waiting" role="status">building …</p>;
  return (
    <>{building.map((row) => (
      <p key={row.name} role="status"><label>{row.name}: event {count(row.building_seq ?? 0)} of {count(row.seq + row.lag)} <progress max={row.seq + row.lag} value={row.building_seq ?? 0} /></label></p>
    ))}</>
  );
}

function Came({ applied }: { applied: Applied }) {
  return (
    <div role="status">
      <p class="good">✓ built anew; the journal was only read</p>
      <Table caption="What came of it" columns={cameColumns} rows={applied.projections} id={(row) => row.projection} />
    </div>
  );
}

const cameColumns: Column<Outcome>[] = [
  { head: "projection", cell: (row) => row.projection },
  { head: "generation", right: true, cell: (row) => row.generation },
  { head: "rows before", right: true, cell: (row) => count(row.rows_before) },
  { head: "rows after", right: true, cell: (row) => count(row.rows_after) },
  { head: "digest", wide: true, cell: (row) => <code title={row.digest_after}>{row.digest_after.slice(0, 12)}</code> },
  { head: "what changed", cell: (row) => row.changed ? <span class="warning">⚠ {row.change || "rows"}</span> : "nothing: the same rows" },
];

export const projections: Screen = { key: "7", id: "projections", title: "Projections", View: Standing };
