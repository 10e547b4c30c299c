// What the reader set for this browser: the theme.
import { effect, signal } from "@preact/signals";

const kThemes = ["auto", "light", "dark"] as const;
export type Theme = (typeof kThemes)[number];

const stored = localStorage.getItem("daybook.theme");
export const theme = signal<Theme>(kThemes.find((name) => name === stored) ?? "auto");
export const helpOpen = signal(false);
/** Only rows with this text are listed. */
export const filter = signal("");

export function nextTheme(): void {
  theme.value = kThemes[(kThemes.indexOf(theme.value) + 1) % kThemes.length] as Theme;
  localStorage.setItem("daybook.theme", theme.value);
}

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});

/** Whether any of `texts` has what is filtered for. */
export function passes(...texts: (string | null | undefined)[]): boolean {
  const wanted = filter.value.trim().toLowerCase();
  return wanted === "" || texts.some((text) => text?.toLowerCase().includes(wanted));
}
