// How far what is shown can be trusted now: live, silent, lost, paused, or as of a moment.
import { computed } from "@preact/signals";
import { head, heard, line } from "../data/live.ts";
import { at } from "../data/place.ts";
import { paused } from "../data/views.ts";
import { now } from "../show/time.ts";
import { feedHeard } from "./feed.ts";

/** A feed that has not spoken for this long is frozen; after so much longer it was turned off. */
const kFrozenMs = 5_000;
export const kForgottenMs = 900_000;

export type Standing = "connecting" | "live" | "frozen" | "stopped" | "lost" | "paused" | "past";

/** How long ago a feed last spoke, in ms; null without a feed. */
export const feedAge = computed(() => (feedHeard.value === null ? null : now.value - feedHeard.value));
/** How long ago the recorder last spoke to this page, in ms. */
export const lineAge = computed(() => {
  void now.value;
  return performance.now() - heard.value;
});

export const standing = computed<Standing>(() => {
  if (line.value === "lost") return "lost";
  if (at.value !== null) return "past";
  if (line.value === "connecting") return "connecting";
  if (paused.value) return "paused";
  if (head.value?.recording === false) return "stopped";
  const age = feedAge.value;
  return age !== null && age > kFrozenMs && age < kForgottenMs ? "frozen" : "live";
});
