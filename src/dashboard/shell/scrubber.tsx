// The whole journal as one line to move along.
import { head } from "../data/live.ts";
import { at } from "../data/place.ts";
import { count, words } from "../show/format.ts";
import { atEvent, step } from "./moment.ts";

export function Scrubber() {
  const last = head.value?.seq ?? at.value ?? 0;
  const place = at.value ?? last;
  return (
    <footer class={at.value === null ? "scrubber" : "scrubber past"}>
      <button type="button" onClick={() => step(-1)} disabled={place <= 1} aria-label="one event back ([)" title="one event back ([)">‹</button>
      <input type="range" min={1} max={Math.max(1, last)} value={place} aria-label="as of event"
        aria-valuetext={at.value === null ? `live, event ${last}` : `as of event ${place}`}
        onInput={({ currentTarget }) => {
          const to = Number(currentTarget.value);
          at.value = to >= last ? null : to;
        }} />
      <button type="button" onClick={() => step(1)} disabled={at.value === null} aria-label="one event on (])" title="one event on (])">›</button>
      <button type="button" class="live" onClick={() => (at.value = null)} disabled={at.value === null} title="live (.)">live</button>
      <output>{at.value === null ? <>#{count(last)}</> : <Described />}</output>
    </footer>
  );
}

function Described() {
  const event = atEvent.value;
  if (!event) return <>#{count(at.value ?? 0)}</>;
  const said = ["status", "side", "shares", "outcome", "channel", "state"].map((field) => event[field]).filter(Boolean);
  return <>#{count(event.seq)} {words(event.type)} <span class="dim">{said.map(String).map(words).join(" ")}</span></>;
}
