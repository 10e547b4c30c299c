// Horizontal bars around one zero line: amounts beside each other, or one after the other as a
// waterfall. The figures stand beside them as text; a bar is only a place on the screen.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface Bar {
  label: ComponentChildren;
  /** The figure. */
  value: ComponentChildren;
  from: number;
  to: number;
  /** A class of app.css: up, down, loss, gain, claim, total, unexplained. */
  tone: string;
  note?: ComponentChildren;
}

export function Bars({ bars, name }: { bars: Bar[]; name: string }) {
  const places = bars.flatMap((bar) => [bar.from, bar.to]).filter(Number.isFinite);
  const least = Math.min(0, ...places);
  const span = Math.max(0, ...places) - least || 1;
  const at = (value: number) => ((value - least) / span) * 100;
  return (
    <ul class="bars" aria-label={name}>
      {bars.map((bar, index) => (
        <li key={index} class={bar.tone}>
          <span class="label">{bar.label}</span>
          <span class="value">{bar.value}</span>
          <Track left={at(Math.min(bar.from, bar.to))} width={Math.abs(at(bar.to) - at(bar.from))} zero={at(0)} />
          <span class="note">{bar.note}</span>
        </li>
      ))}
    </ul>
  );
}

function Track({ left, width, zero }: { left: number; width: number; zero: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  const line = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!bar.current || !line.current) return;
    bar.current.style.left = `${left}%`;
    bar.current.style.width = `${width}%`;
    line.current.style.left = `${zero}%`;
  });
  return <span class="track" aria-hidden="true"><span ref={line} class="zero" /><span ref={bar} class="bar" /></span>;
}
