// Where the reader is: screen, market, time, epoch, mode. All of it stands in the address, so a
// link shows another person the same.
import { computed, effect, signal } from "@preact/signals";

export const screen = signal("now");
export const market = signal<string | null>(null);
/** As of this sequence; null is live. */
export const at = signal<number | null>(null);
/** A name, "all", or null: the current one. */
export const epoch = signal<string | null>(null);
/** null: live if anything live is recorded, else dry_run. */
export const mode = signal<string | null>(null);
/** The sequence Journal shows, for links to an event. */
export const event = signal<number | null>(null);

const hash = computed(() => {
  const path = [screen.value, market.value].filter((part) => part !== null).map(encodeURIComponent);
  const query = new URLSearchParams();
  if (at.value !== null) query.set("at", String(at.value));
  if (epoch.value !== null) query.set("epoch", epoch.value);
  if (mode.value !== null) query.set("mode", mode.value);
  if (event.value !== null) query.set("event", String(event.value));
  const tail = query.toString();
  return `#/${path.join("/")}${tail ? `?${tail}` : ""}`;
});

function sequence(text: string | null): number | null {
  return text !== null && /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}

function readAddress(): void {
  const [path = "", tail = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [first, second] = path.split("/").map(decodeURIComponent);
  const query = new URLSearchParams(tail);
  screen.value = first || "now";
  market.value = second || null;
  at.value = sequence(query.get("at"));
  epoch.value = query.get("epoch");
  mode.value = query.get("mode");
  event.value = sequence(query.get("event"));
}

/** Follows the address, and keeps it up to date. A move to another screen or market can be gone
 * back from; a step of the scrubber replaces the entry. */
export function followAddress(): void {
  readAddress();
  addEventListener("hashchange", readAddress);
  let shown = "";
  effect(() => {
    const next = hash.value;
    if (location.hash === next) return;
    const place = next.split("?")[0] as string;
    history[place === shown ? "replaceState" : "pushState"](null, "", next);
    shown = place;
  });
}

export function go(name: string, to: { market?: string | null; event?: number | null } = {}): void {
  screen.value = name;
  market.value = to.market ?? null;
  event.value = to.event ?? null;
}
