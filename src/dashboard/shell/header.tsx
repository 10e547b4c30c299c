import { useEffect } from "preact/hooks";
import type { Health, Status } from "../data/api.ts";
import { head, retryAt, retryNow } from "../data/live.ts";
import { at, epoch, go, mode, screen } from "../data/place.ts";
import { paused, useView } from "../data/views.ts";
import { screens } from "../screens/list.ts";
import { count } from "../show/format.ts";
import { brief, lasting, moment, nextZone, zoneName } from "../show/time.ts";
import { epochs, noteEpoch } from "./epochs.ts";
import { noteFeeds } from "./feed.ts";
import { atTime } from "./moment.ts";
import { helpOpen, nextTheme, theme } from "./settings.ts";
import { feedAge, kForgottenMs, lineAge, standing, type Standing } from "./standing.ts";

export function Header() {
  useFeedAge();
  return (
    <header class={`top ${standing.value}`}>
      <div class="line">
        <a class="brand" href="#/now" onClick={() => go("now")}>daybook</a>
        <State />
        <Scope />
        <div class="switches">
          <button type="button" onClick={nextZone} title="time zone (z)">{zoneName.value}</button>
          <button type="button" onClick={nextTheme} title="theme (t)">{{ auto: "◐ auto", light: "☀ light", dark: "☾ dark" }[theme.value]}</button>
          <button type="button" onClick={() => (helpOpen.value = true)} aria-label="help (?)">?</button>
        </div>
      </div>
      <nav aria-label="screens">
        {screens.map(({ id, key, title }) => (
          <button type="button" key={id} aria-current={screen.value === id ? "page" : undefined} onClick={() => go(id)}>
            <kbd aria-hidden="true">{key}</kbd>{title}
          </button>
        ))}
      </nav>
    </header>
  );
}

/** The one sentence about trust: what is shown, and how old it is. */
function State() {
  return <div class="state"><Sentence /><p class="unseen" role="status">{kSpoken[standing.value]}</p></div>;
}

/** Read out when it changes; the ages beside it count in silence. */
const kSpoken: Record<Standing, string> = {
  connecting: "connecting", live: "live", lost: "the recorder no longer speaks: what is shown is old", frozen: "a feed is silent",
  stopped: "not recording", paused: "paused", past: "as of a past moment",
};

function Sentence() {
  switch (standing.value) {
    case "connecting":
      return <span>connecting …</span>;
    case "lost":
      return <><b>✖ CONNECTION LOST</b> <span>data is {lasting(lineAge.value)} old · next try in {lasting(Math.max(0, retryAt.value - performance.now()))}</span>
        <button type="button" onClick={retryNow}>retry now</button></>;
    case "past":
      return <><b>AS OF {atTime.value === null ? "…" : moment(atTime.value)} {zoneName.value}</b> <span>seq {count(at.value ?? 0)}</span>
        <button type="button" onClick={() => (at.value = null)}>back to live <kbd>Esc</kbd></button></>;
    case "paused":
      return <><b>❚❚ PAUSED</b> <span>the record goes on: seq {count(head.value?.seq ?? 0)}</span>
        <button type="button" onClick={() => (paused.value = false)}>go on <kbd>space</kbd></button></>;
    case "stopped":
      return <><b>⚠ NOT RECORDING</b> <Journal /></>;
    case "frozen":
      return <><b>⚠ FEED SILENT {lasting(feedAge.value ?? 0)}</b> <Journal /></>;
    case "live":
      return <><b class="on">● LIVE</b> <Journal /></>;
  }
}

function Journal() {
  const { seq = 0, time = null } = head.value ?? {};
  const age = feedAge.value;
  return <span>seq {count(seq)}{time !== null && ` · ${brief(time)}`}{age !== null && standing.value === "live" && ` · feed ${age < kForgottenMs ? `${lasting(Math.max(0, age))} ago` : "off"}`}</span>;
}

function Scope() {
  const status = useView<Status>("status").value.answer;
  return (
    <div class="scope">
      <label>epoch <select value={epoch.value ?? ""} onChange={({ currentTarget }) => (epoch.value = currentTarget.value || null)}>
        <option value="">{epochs.value.length > 0 ? `current: ${epochs.value.at(-1)}` : "current"}</option>
        <option value="all">all time</option>
        {named(epochs.value).map((name) => <option key={name} value={name}>{name}</option>)}
      </select></label>
      <label>mode <select value={mode.value ?? ""} onChange={({ currentTarget }) => (mode.value = currentTarget.value || null)}>
        <option value="">auto</option>
        <option value="live">live</option>
        <option value="dry_run">dry run</option>
      </select></label>
      {status && <span class="dim wide" title={`journal ${status.journal}\nchain ${status.chain}`}>chain {status.chain.slice(0, 8)}</span>}
    </div>
  );
}

/** The epochs, and the one a link asks for though it never began. */
function named(known: string[]): string[] {
  const asked = epoch.value;
  return asked === null || asked === "all" || known.includes(asked) ? known : [...known, asked];
}

function useFeedAge() {
  const health = useView<Health>("health");
  const answer = health.value.answer;
  useEffect(() => {
    if (!answer) return;
    noteFeeds(answer.coverage, at.peek() === null);
    noteEpoch(answer.epoch?.name);
  }, [answer]);
}
