// The line to the recorder: one WebSocket, GET /v1/live. It tells where the journal ends at least
// once a second, and what changed in the views that are watched.
import { signal } from "@preact/signals";
import type { LiveMessage, Problem, Sequence, Time } from "./api.ts";
import { patched } from "./patch.ts";

/** Silence after which the line counts as lost: the server speaks at least once a second. */
const kSilenceMs = 3_000;
const kBackoffMs = [250, 500, 1_000, 2_000, 5_000];
/** What the server watches at most for one page. */
const kWatchMax = 32;

export type Line = "connecting" | "up" | "lost";

export interface Head {
  seq: Sequence;
  time: Time | null;
  recording: boolean;
}

export interface View<T> {
  answer: T | null;
  problem: Problem | null;
}

export const line = signal<Line>("connecting");
export const head = signal<Head | null>(null);
/** When the server last spoke, by the page's clock. */
export const heard = signal(0);
/** When the next attempt is due while the line is lost. */
export const retryAt = signal(0);

let socket: WebSocket | null = null;
let attempts = 0;
let retry = 0;
let watched: readonly string[] = [];
let deliver: (view: string, told: View<unknown>) => void = () => {};
const answers = new Map<string, unknown>();

/** Opens the line and keeps it open. `told` gets each view's newest answer. */
export function connect(told: typeof deliver): void {
  deliver = told;
  open();
  setInterval(() => {
    if (line.value === "up" && performance.now() - heard.value > kSilenceMs) lose();
  }, 500);
}

/** Replaces what is watched. */
export function watch(views: readonly string[]): void {
  watched = views.slice(0, kWatchMax);
  for (const view of answers.keys()) if (!watched.includes(view)) answers.delete(view);
  say();
}

export function retryNow(): void {
  if (line.value !== "up") open();
}

function open(): void {
  clearTimeout(retry);
  socket?.close();
  const opened = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`);
  socket = opened;
  opened.onopen = say;
  opened.onmessage = (message) => opened === socket && hear(JSON.parse(message.data as string) as LiveMessage);
  opened.onclose = () => opened === socket && lose();
  retry = setTimeout(lose, kSilenceMs);
}

function say(): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ watch: watched }));
}

function lose(): void {
  clearTimeout(retry);
  const left = socket;
  socket = null;
  left?.close();
  line.value = "lost";
  const wait = kBackoffMs[Math.min(attempts++, kBackoffMs.length - 1)] as number;
  retryAt.value = performance.now() + wait;
  retry = setTimeout(open, wait);
}

function hear(message: LiveMessage): void {
  clearTimeout(retry);
  attempts = 0;
  heard.value = performance.now();
  line.value = "up";
  if (message.kind === "head") {
    head.value = { seq: message.seq, time: message.time, recording: message.recording };
  } else if (message.problem) {
    deliver(message.view, { answer: null, problem: message.problem });
  } else {
    take(message.view, message.answer, message.patch);
  }
}

function take(view: string, answer: unknown, patch: Extract<LiveMessage, { kind: "view" }>["patch"]): void {
  if (patch && !answers.has(view)) return; // no longer watched; the patch was under way
  try {
    const next = patch ? patched(answers.get(view), patch) : answer;
    answers.set(view, next);
    deliver(view, { answer: next, problem: null });
  } catch {
    say(); // out of step: watching anew brings a fresh answer
  }
}
