// Times by the clock of the chosen zone. The record has UTC; `z` goes through the zones.
import { computed, signal } from "@preact/signals";

const kLocal = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** The markets' own clock, the reader's, and the record's. */
export const zones = [...new Set(["America/New_York", kLocal, "UTC"])];

const stored = localStorage.getItem("daybook.zone");
export const zone = signal(stored !== null && zones.includes(stored) ? stored : kLocal);

export function nextZone(): void {
  zone.value = zones[(zones.indexOf(zone.value) + 1) % zones.length] as string;
  localStorage.setItem("daybook.zone", zone.value);
}

export const zoneName = computed(() => nameOf(zone.value));

export function nameOf(name: string): string {
  if (name === "America/New_York") return "ET";
  if (name === "UTC") return "UTC";
  return name.split("/").pop()?.replaceAll("_", " ") ?? name;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone.value + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone.value })));
  return made;
}

const kClock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
const kDay: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };

export const clock = (time: string): string => format(kClock).format(Date.parse(time));
export const day = (time: string): string => format(kDay).format(Date.parse(time));
export const moment = (time: string): string => `${day(time)} ${clock(time)}`;

/** The clock alone when it is today's, else with the day. */
export function brief(time: string): string {
  return day(time) === format(kDay).format(Date.now()) ? clock(time) : `${format({ day: "numeric", month: "short" }).format(Date.parse(time))} ${clock(time)}`;
}

/** A span in short: a whole day is its date. */
export function between(from: string, to: string): string {
  const day = { day: "numeric", month: "short" } as const;
  if (clock(from) === "00:00:00" && Date.parse(to) - Date.parse(from) === 86_400_000) return format(day).format(Date.parse(from));
  return `${brief(from)} – ${brief(to)}`;
}

/** How long, in the two largest units. */
export function lasting(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (total < 60) return `${total} s`;
  if (total < 3_600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  if (total < 86_400) return `${Math.floor(total / 3_600)} h ${Math.floor((total % 3_600) / 60)} min`;
  return `${Math.floor(total / 86_400)} d ${Math.floor((total % 86_400) / 3_600)} h`;
}

/** The page's wall clock, moved twice a second: for ages. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 500);
