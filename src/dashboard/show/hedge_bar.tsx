// The hedge ratio as a bar with its two thresholds, and the verdict in words.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Position, Verdict } from "../data/api.ts";
import { Ratio } from "./figure.tsx";
import { pixels, words } from "./format.ts";

const kGlyphs: Record<Verdict, string> = {
  flat: "·", one_sided: "✖", imbalanced: "✖", overpaid: "⚠", acceptable: "⚠", good: "✓",
};

export function HedgeBar({ position }: { position: Position }) {
  const fill = useRef<HTMLSpanElement>(null);
  const ratio = position.hedge_ratio;
  useLayoutEffect(() => {
    if (fill.current) fill.current.style.width = `${pixels(ratio) * 100}%`;
  }, [ratio]);
  return (
    <span class={`hedge ${position.verdict}`}>
      <span class="bar" aria-hidden="true"><span ref={fill} class="fill" /></span>
      <span class="ratio"><Ratio value={ratio} about={position.market} figure="hedge_ratio" /></span>
      <span class="verdict">{kGlyphs[position.verdict]} {words(position.verdict)}</span>
    </span>
  );
}
