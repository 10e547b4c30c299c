// What feeds said of themselves, and whether one that was speaking has fallen silent.
import { computed, effect, signal } from "@preact/signals";
import type { Coverage, Event } from "../data/api.ts";
import { askLines } from "../data/rest.ts";
import { holesOf } from "../data/story.ts";

/** The channel of the feeds that never rest while a market is open. */
const kMarket = "market";

/** Events of type `feed`, in order. */
export const feedEvents = signal<Event[]>([]);
/** When a feed that this page saw speaking last spoke, in ms since 1970. */
const spoke = signal<number | null>(null);
const troubled = signal(0);
let before: number | null = null;

/** A feed brings this much, over this long; an import comes at once. */
const kFeedMs = 5_000;
const kFeedPerSecond = 0.5;

/** Whether what was received looks like a feed. */
function isFed({ events, first_received, last_received }: Coverage): boolean {
  const lasted = Date.parse(last_received) - Date.parse(first_received);
  return lasted > kFeedMs && (events * 1000) / lasted > kFeedPerSecond;
}

/** Takes note of what health says of feeds: one is there when this page saw it speak, or when it
 * looks like one. */
export function noteFeeds(coverage: Coverage[], live: boolean): void {
  troubled.value = Math.max(troubled.peek(), coverage.reduce((sum, row) => sum + row.lost + row.stale + row.gap, 0));
  if (!live) return;
  const rows = coverage.filter((row) => row.channel === kMarket);
  const latest = Math.max(0, ...rows.map((row) => Date.parse(row.last_received)));
  if (before !== null ? latest > before : rows.some(isFed)) spoke.value = latest;
  before = latest;
}

/** Since when a feed is silent: by its own word, or as this page saw it. Null: none is. */
export const feedHeard = computed<number | null>(() => {
  const market = feedEvents.value.filter((event) => event["channel"] === kMarket);
  const open = holesOf(market, Infinity).find(([, to]) => to === Infinity);
  return open ? open[0] * 1000 : spoke.value;
});

/** Reads the feeds' own events when there are new ones. */
export function followFeeds(): void {
  effect(() => {
    if (troubled.value > 0) void askLines<Event>("/v1/events?type=feed").then((told) => {
      if ("answer" in told) feedEvents.value = told.answer;
    });
  });
}
