import { signal } from "@preact/signals";

/** What the why panel is open on: a market, a figure of pnl, or a sequence. */
export interface About {
  about: string | number;
  /** The figure that was asked about, shown first. */
  figure?: string;
}

export const whyAbout = signal<About | null>(null);
let opener: Element | null = null;

export function openWhy(about: string | number, figure?: string): void {
  opener ??= document.activeElement;
  whyAbout.value = figure === undefined ? { about } : { about, figure };
}

export function closeWhy(): void {
  whyAbout.value = null;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  opener = null;
}
