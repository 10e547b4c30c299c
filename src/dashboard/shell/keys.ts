// The keyboard. Nothing here when the reader is typing.
import { at, event, go, screen } from "../data/place.ts";
import { paused } from "../data/views.ts";
import { screens } from "../screens/list.ts";
import { nextZone } from "../show/time.ts";
import { closeWhy, whyAbout } from "../show/why_at.ts";
import { step } from "./moment.ts";
import { filter, helpOpen, nextTheme } from "./settings.ts";

/** Key and what it does, as help lists them. */
export const keys: [string, string][] = [
  ["1 – 7", "screens"],
  ["j k", "next, previous row"],
  ["Enter", "open the row: why"],
  ["[ ]", "one event back, on"],
  [".", "live"],
  ["Esc", "close, back to live"],
  ["space", "hold the picture still; the record goes on"],
  ["/", "filter"],
  ["v", "charts as tables"],
  ["t", "theme"],
  ["z", "time zone"],
  ["?", "this page"],
];

const acts: Record<string, () => void> = {
  j: () => walk(1),
  k: () => walk(-1),
  "[": () => step(-1),
  "]": () => step(1),
  ".": () => (at.value = null),
  t: nextTheme,
  z: nextZone,
  "/": () => document.querySelector<HTMLInputElement>("#filter")?.focus(),
  "?": () => (helpOpen.value = true),
  " ": () => (paused.value = !paused.value),
  v: () => document.querySelectorAll<HTMLButtonElement>("button.as-table").forEach((button) => button.click()),
  Escape: back,
};

function back(): void {
  if (helpOpen.value) helpOpen.value = false;
  else if (whyAbout.value) closeWhy();
  else if (filter.value) filter.value = "";
  else if (event.value !== null) event.value = null;
  else at.value = null;
}

/** Rows of the panel when it is open, else of the screen. */
function walk(by: 1 | -1): void {
  const within = document.querySelector(whyAbout.value ? "aside.why" : "main") ?? document;
  const rows = [...within.querySelectorAll<HTMLElement>("[data-row]")];
  const now = rows.indexOf(document.activeElement?.closest("[data-row]") as HTMLElement);
  const next = rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=range]), select, textarea");
}

export function listen(): void {
  addEventListener("keydown", (pressed) => {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    if (typing(pressed.target) && pressed.key !== "Escape") return;
    if (pressed.key === " " && pressed.target instanceof HTMLButtonElement) return;
    if (helpOpen.value && pressed.key !== "Escape") return;
    const chosen = screens.find((one) => one.key === pressed.key);
    const act = chosen ? () => chosen.id !== screen.value && go(chosen.id) : acts[pressed.key];
    if (!act) return;
    pressed.preventDefault();
    if (typing(pressed.target)) (pressed.target as HTMLElement).blur();
    act();
  });
}
