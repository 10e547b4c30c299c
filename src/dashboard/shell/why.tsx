// Where a figure comes from: formula, numbers, the events, and what was received.
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Event, Problem, Why } from "../data/api.ts";
import { at, epoch, go, mode } from "../data/place.ts";
import { ask, askLines } from "../data/rest.ts";
import { count, exact, minus, signed, words } from "../show/format.ts";
import { Command, Trouble } from "../show/states.tsx";
import { moment, zoneName } from "../show/time.ts";
import { closeWhy, openWhy, whyAbout, type About } from "../show/why_at.ts";

export function WhyPanel() {
  const about = whyAbout.value;
  return about && <Panel key={String(about.about)} {...about} />;
}

function query(): string {
  const query = new URLSearchParams();
  if (at.value !== null) query.set("at", String(at.value));
  if (epoch.value !== null) query.set("epoch", epoch.value);
  if (mode.value !== null) query.set("mode", mode.value);
  const tail = query.toString();
  return tail && `?${tail}`;
}

/** The call that prints the same. */
function command(about: string | number): string {
  const options = [...new URLSearchParams(query())].map(([name, value]) => ` --${name} ${quoted(value)}`);
  return `daybook why ${quoted(String(about))}${options.join("")}`;
}

/** As a shell takes it. */
const quoted = (text: string): string => (/^[\w.:@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function Panel({ about, figure }: About) {
  const [why, setWhy] = useState<Why | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const path = `/v1/why/${encodeURIComponent(about)}${query()}`;
  useEffect(() => {
    const asking = new AbortController();
    void ask<Why>(path, asking.signal).then((told) => {
      if (asking.signal.aborted) return;
      setWhy("answer" in told ? told.answer : null);
      setProblem("problem" in told ? told.problem : null);
    });
    return () => asking.abort();
  }, [path]);
  return (
    <aside class="why" aria-label="why">
      <header><h2>Why {titled(about, figure, why)}</h2>
        <button type="button" onClick={closeWhy} aria-label="close (Esc)">✕</button></header>
      {problem && <Trouble problem={problem} />}
      {why && <Told why={why} figure={figure} />}
      <Command text={command(about)} />
    </aside>
  );
}

function titled(about: string | number, figure: string | undefined, why: Why | null): string {
  if (typeof about === "number") return `event ${count(about)}`;
  const named = why?.parts ? words(about) : about;
  return figure && figure !== about ? `${words(figure)} of ${named}` : named;
}

function Told({ why, figure }: { why: Why; figure: string | undefined }) {
  return (
    <>
      {why.formula && <p class="formula">{why.formula}</p>}
      {why.figures && <Figures why={why} figure={figure} />}
      {why.movements && <Movements why={why} />}
      {why.parts && <Parts why={why} />}
      {why.event && <TheEvent event={why.event} why={why} />}
    </>
  );
}

function Figures({ why, figure }: { why: Why; figure: string | undefined }) {
  const figures = [...(why.figures ?? [])].sort((a, b) => Number(b.figure === figure) - Number(a.figure === figure));
  return (
    <dl class="figures">
      {figures.map((one) => (
        <div key={one.figure} class={one.figure === figure ? "asked" : ""}>
          <dt>{words(one.figure)} <span class="dim">{one.formula}</span></dt>
          <dd>{minus(one.numbers)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Movements({ why }: { why: Why }) {
  return (
    <Listed heads={["event", "what", "shares", "USD", "▲ then", "▼ then", "realized"]} name="movements" words={2}>
      {why.movements?.map((move) => (
        <tr key={move.seq} data-row="" tabIndex={-1} {...opens(move.seq)}>
          <td><Seq seq={move.seq} /></td>
          <td>{move.what} {move.outcome}{move.standing && move.standing !== "confirmed" && <span class="dim"> {move.standing}</span>}</td>
          <td class="right">{move.shares === null ? "–" : exact(move.shares)}</td>
          <td class="right">{move.cost === null ? "–" : exact(move.cost)}</td>
          <td class="right">{exact(move.up_after)}</td><td class="right">{exact(move.down_after)}</td>
          <td class="right">{signed(move.realized_after)}</td>
        </tr>
      ))}
    </Listed>
  );
}

function Parts({ why }: { why: Why }) {
  return (
    <Listed heads={["market", "part, USD", "events"]} name="parts" words={1}>
      {why.parts?.map((part) => (
        <tr key={part.market + part.account} data-row="" tabIndex={-1} {...opens(part.market)}>
          <td><button type="button" class="link" onClick={() => openWhy(part.market)}>{part.title}</button></td>
          <td class="right">{signed(part.part)}</td>
          <td class="right"><Seq seq={part.first_seq} /> – <Seq seq={part.last_seq} /></td>
        </tr>
      ))}
    </Listed>
  );
}

function opens(about: string | number) {
  return {
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Enter" && event.target === event.currentTarget) openWhy(about);
    },
  };
}

/** The first `words` columns are text, the others numbers. */
function Listed({ heads, name, words, children }: { heads: string[]; name: string; words: number; children: ComponentChildren }) {
  return (
    <div class="rows" tabIndex={0} role="region" aria-label={name}>
      <table><thead><tr>{heads.map((head, at) => <th key={head} scope="col" class={at >= words ? "right" : ""}>{head}</th>)}</tr></thead>
        <tbody>{children}</tbody></table>
    </div>
  );
}

export function Seq({ seq }: { seq: number }) {
  return <button type="button" class="link seq" onClick={(event) => { event.stopPropagation(); openWhy(seq); }}>#{count(seq)}</button>;
}

const kOwnLine = new Set(["seq", "raw", "raw_base64"]);

function TheEvent({ event, why }: { event: Event; why: Why }) {
  return (
    <>
      {why.before && <p class="change"><span class="dim">before</span> {minus(why.before)}<br /><span class="dim">after</span> {minus(why.after ?? "")}</p>}
      <dl class="fields">
        {Object.entries(event).filter(([field]) => !kOwnLine.has(field)).map(([field, value]) => (
          <div key={field}><dt>{words(field)}</dt><dd>{shown(field, value)}</dd></div>
        ))}
      </dl>
      {why.related && why.related.length > 0 && <p>belongs to {why.related.map((seq) => <><Seq key={seq} seq={seq} /> </>)}</p>}
      <Raw event={event} />
      <p class="acts">
        <button type="button" onClick={() => (at.value = event.seq)}>look back to this moment</button>
        <button type="button" onClick={() => go("journal", { event: event.seq })}>in the journal</button>
      </p>
    </>
  );
}

function shown(field: string, value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return field === "time" || field === "received" ? `${moment(value)} ${zoneName.value} · ${value}` : value;
}

/** What was received, as it came; an event that was told in our own form is its own source. */
function Raw({ event }: { event: Event }) {
  const [line, setLine] = useState<Event | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    void askLines<Event>(`/v1/events?from=${event.seq}&limit=1`, asking.signal).then((told) => {
      if ("answer" in told) setLine(told.answer[0] ?? null);
    });
    return () => asking.abort();
  }, [event.seq]);
  if (!line) return null;
  const raw = line.raw ?? line.raw_base64;
  return (
    <details><summary>{raw === undefined ? "the recorded line" : "as it was received"}</summary>
      <pre tabIndex={0}>{raw ?? JSON.stringify(line, null, 1)}</pre></details>
  );
}
