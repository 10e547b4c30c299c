// What happened on a day, and what went wrong: findings with their evidence, the day in lanes, and
// what was said of it.
import { useMemo, useState } from "preact/hooks";
import type { Claim, Claims, Daily, Finding, Findings, Pnl, Severity } from "../data/api.ts";
import { go } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { Figure, Result } from "../show/figure.tsx";
import { count, decimal, minus, words } from "../show/format.ts";
import { Answered, Command } from "../show/states.tsx";
import { Table, type Column } from "../show/table.tsx";
import { between, brief, zone, zoneName } from "../show/time.ts";
import { openWhy } from "../show/why_at.ts";
import { Filter } from "../shell/filter.tsx";
import { passes } from "../shell/settings.ts";
import { DayLanes } from "./day_lanes.tsx";
import type { Screen } from "./screen.ts";
import { Totals } from "./totals.tsx";

const kSeverities: Severity[] = ["critical", "high", "medium"];
const kGlyphs: Record<Severity, string> = { critical: "✖", high: "⚠", medium: "△" };

function Postmortem() {
  const findings = useView<Findings>("findings");
  const pnl = useView<Pnl>("pnl");
  const claims = useView<Claims>("claims");
  const daily = useView<Daily>("daily", { tz: zone.value });
  const days = useMemo(() => [...new Set(daily.value.answer?.days.map((day) => day.day))].sort().reverse(), [daily.value.answer]);
  const [picked, pick] = useState<string | null>(null);
  const day = picked ?? days[0];
  const bounds = daily.value.answer?.days.find((one) => one.day === day);
  return (
    <>
      <Answered view={pnl.value}>{(answer) => <Totals pnl={answer} />}</Answered>
      <Answered view={findings.value}>{(answer) => <Wrong findings={answer.findings} />}</Answered>
      <h2>The day
        <select aria-label="day" value={day ?? ""} onChange={({ currentTarget }) => pick(currentTarget.value)}>
          {days.map((one) => <option key={one} value={one}>{one}</option>)}
        </select>
        <small>{zoneName.value}</small>
      </h2>
      {bounds ? <>
        <DayLanes from={bounds.from} to={bounds.to} findings={findings.value.answer?.findings ?? []} />
        <Command text={`daybook postmortem ${bounds.day} --tz ${zone.value}`} />
      </> : <p class="fine">No day with a result yet.</p>}
      <h2>What was said</h2>
      <Answered view={claims.value}>{(answer) => answer.claims.length === 0
        ? <p class="fine">Nobody claimed a figure.</p>
        : <Table caption="What was said" columns={said} rows={answer.claims} id={(row) => row.seq} open={(row) => openWhy(row.seq)} />}</Answered>
    </>
  );
}

function Wrong({ findings }: { findings: Finding[] }) {
  const rows = findings.filter((row) => passes(row.rule, row.title, row.text, row.severity));
  return (
    <>
      <h2>Findings {kSeverities.map((severity) => <Count key={severity} severity={severity} findings={findings} />)} <Filter /></h2>
      {findings.length === 0 ? <p class="fine">✓ No rule was broken by what is recorded.</p> : byRule(rows).map((group) => <Rule key={group[0].rule} group={group} />)}
    </>
  );
}

function Count({ severity, findings }: { severity: Severity; findings: Finding[] }) {
  const number = findings.filter((one) => one.severity === severity).length;
  return number === 0 ? null : <span class={`severity ${severity}`}>{kGlyphs[severity]} {count(number)} {severity}</span>;
}

type Group = [Finding, ...Finding[]];

/** Rules in order of their worst finding. */
function byRule(findings: Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const group = groups.get(finding.rule);
    if (group) group.push(finding);
    else groups.set(finding.rule, [finding]);
  }
  return [...groups.values()].sort((a, b) => kSeverities.indexOf(a[0].severity) - kSeverities.indexOf(b[0].severity));
}

function Rule({ group }: { group: Group }) {
  const [first] = group;
  return (
    <section class="rule">
      <h3><span class={first.severity}>{kGlyphs[first.severity]} {words(first.rule)}</span> <small>{count(group.length)}× · {first.meaning}</small></h3>
      <Table caption={words(first.rule)} columns={found} rows={group} id={(row) => `${row.market}${row.account}${row.seqs[0]}`}
        open={(row) => openWhy(row.market ?? row.seqs[0] ?? "realized")} />
    </section>
  );
}

const found: Column<Finding>[] = [
  { head: "market", cell: (row) => row.market === null ? <span class="dim">account {row.account}</span> : <button type="button" class="link name" title={row.title ?? row.market} onClick={(event) => { event.stopPropagation(); go("market", { market: row.market }); }}>{row.title || row.market}</button> },
  { head: "severity", wide: true, cell: (row) => <span class={row.severity}>{kGlyphs[row.severity]} {row.severity}</span> },
  { head: "what", cell: (row) => minus(row.text) },
  { head: "limit", wide: true, cell: (row) => row.threshold && words(row.threshold) },
  { head: "cost", unit: "USD; − is luck", right: true, cell: (row) => row.cost === null ? <span class="absent" title="not decided yet, or none">–</span> : <Cost finding={row} cost={row.cost} /> },
  { head: "evidence", cell: (row) => <Evidence seqs={row.seqs} /> },
];

function Cost({ finding, cost }: { finding: Finding; cost: string }) {
  return <Figure about={finding.market ?? finding.seqs[0] ?? "realized"} figure="realized" exactly={cost}>{decimal(cost, 2)}</Figure>;
}

const kShown = 6;

function Evidence({ seqs }: { seqs: number[] }) {
  return (
    <>
      {seqs.slice(0, kShown).map((seq) => <button type="button" key={seq} class="link seq" title="in the journal" onClick={(event) => { event.stopPropagation(); go("journal", { event: seq }); }}>#{count(seq)}</button>)}
      {seqs.length > kShown && <span class="dim"> and {count(seqs.length - kShown)} more</span>}
    </>
  );
}

const said: Column<Claim>[] = [
  { head: "who", cell: (row) => row.source },
  { head: "said", cell: (row) => `${words(row.metric)}${row.outcome ? ` of ${row.outcome}` : ""}` },
  { head: "claim", right: true, cell: (row) => <Figure about={row.seq} kind="claim" exactly={row.value}>{decimal(row.value, 2)}</Figure> },
  { head: "fact", right: true, cell: (row) => row.fact === null ? <span class="absent">–</span> : <Result value={row.fact} about={row.market ?? "realized"} figure={row.metric} /> },
  { head: "difference", right: true, cell: (row) => row.difference === null ? <span class="absent">–</span> : row.finding ? <b class="bad">✖ {decimal(row.difference, 2)}</b> : <span class="good">✓ none</span> },
  { head: "about", wide: true, cell: (row) => row.about ? between(row.about.from, row.about.to) : row.market ?? "" },
  { head: "when", wide: true, cell: (row) => brief(row.time) },
];

export const postmortem: Screen = { key: "4", id: "postmortem", title: "Post-mortem", View: Postmortem };
