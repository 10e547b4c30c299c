// A chart over time: uPlot, drawn anew when data, theme or zone change. Holes in the record are
// hatched, never bridged. Each has a sentence that says the same, and a table (`v`).
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import uPlot from "uplot";
import { theme } from "../shell/settings.ts";
import { clock, zone } from "./time.ts";

export interface Line {
  label: string;
  /** A token of app.css, without the dashes. */
  colour: string;
  /** Lines that belong together: the second one is drawn dashed. */
  dashed?: boolean;
  fill?: string;
}

export interface Mark {
  time: number;
  value: number;
  glyph: string;
  colour: string;
}

/** Something that held from one time to another at one value: an order that rested. */
export interface Bar {
  from: number;
  to: number;
  value: number;
  colour: string;
}

export interface Level {
  value: number;
  label: string;
}

export interface Series {
  times: number[];
  lines: Line[];
  /** One array a line, as long as `times`; null where nothing is known. */
  values: (number | null)[][];
  marks?: Mark[];
  bars?: Bar[];
  levels?: Level[];
  /** Where the record has a hole: from, to. */
  holes?: [number, number][];
  range?: [number, number];
  unit: string;
}

interface Props {
  title: string;
  summary: string;
  series: Series;
  /** What held at a time, as text: shown while the cursor is there. */
  readout: (time: number) => string;
  /** The same figures, as text. */
  table: () => ComponentChildren;
  /** Charts with one key share their cursor and their span. */
  together: string;
  span: [number, number] | null;
}

const kHeight = 190;

export function Chart({ title, summary, series, readout, table, together, span }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [pointed, setPointed] = useState<number | null>(null);
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title} <small>{series.unit}</small></h3>
        <Legend series={series} />
        <button type="button" class="as-table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)} title="as a table (v)">{asTable ? "chart" : "table"}</button>
      </figcaption>
      <p class="summary">{pointed === null || asTable ? summary : `${clock(new Date(pointed * 1000).toISOString())} · ${readout(pointed)}`}</p>
      {asTable ? table() : <Drawn series={series} together={together} span={span} title={title} summary={summary} point={setPointed} />}
    </figure>
  );
}

function Legend({ series }: { series: Series }) {
  return (
    <span class="legend">
      {series.lines.map((line) => <span key={line.label}><i class={`key ${line.colour} ${line.dashed ? "dashed" : ""}`} />{line.label}</span>)}
      {(series.bars?.length ?? 0) > 0 && <span><i class="key band" />resting order</span>}
      {(series.marks?.length ?? 0) > 0 && <span>▲ bought ▼ sold</span>}
      {(series.holes?.length ?? 0) > 0 && <span><i class="key hole" />not recorded</span>}
    </span>
  );
}

type DrawnProps = Omit<Props, "table" | "readout"> & { point: (time: number | null) => void };

function Drawn({ series, together, span, title, summary, point }: DrawnProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ series, span });
  latest.current = { series, span };
  const shape = JSON.stringify([series.lines, series.unit, theme.value, zone.value]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(latest, together, element.clientWidth, point), dataOf(latest.current.series), element);
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: kHeight }));
    resized.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", make);
    return () => {
      resized.disconnect();
      scheme.removeEventListener("change", make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, together]);
  useEffect(() => plot.current?.setData(dataOf(series)), [series]);
  return <div ref={box} class="plot" role="img" aria-label={`${title}. ${summary}`} />;
}

const dataOf = (series: Series) => [series.times, ...series.values] as uPlot.AlignedData;

function token(name: string): string {
  // light-dark() is resolved by the browser only where it is used as a colour.
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

type Latest = { current: { series: Series; span: [number, number] | null } };

function optionsOf(latest: Latest, together: string, width: number, point: DrawnProps["point"]): uPlot.Options {
  const { series } = latest.current;
  const grid = { stroke: token("line"), width: 1 };
  const axis = { stroke: token("dim"), grid, ticks: { ...grid, size: 4 }, font: "11px system-ui, sans-serif" };
  const ink = inksOf(series);
  return {
    width, height: kHeight, padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: together }, drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: {
      x: { time: true, range: (_plot, low, high) => latest.current.span ?? [low, high] },
      y: { range: (_plot, low, high) => latest.current.series.range ?? roomy(latest.current.series, low, high) },
    },
    axes: [
      { ...axis, size: 26, values: (_plot, times) => times.map((time) => clock(new Date(time * 1000).toISOString()).replace(/:00$/, "")) },
      { ...axis, size: 44, values: (_plot, values) => values.map((value) => String(value).replace("-", "−")) },
    ],
    series: [{}, ...series.lines.map((line) => ({
      label: line.label, stroke: token(line.colour), width: 1.5, ...(line.dashed ? { dash: [4, 3] } : {}),
      ...(line.fill ? { fill: token(line.fill) } : {}),
      points: { show: false }, paths: uPlot.paths.stepped?.({ align: 1 }) ?? null,
    }) as uPlot.Series)],
    hooks: {
      setCursor: [(plot) => {
        const { left = -1 } = plot.cursor;
        point(left < 0 ? null : plot.posToVal(left, "x"));
      }],
      drawClear: [(plot) => {
        drawHoles(plot, latest.current.series, ink);
        drawBars(plot, latest.current.series, ink);
      }],
      draw: [(plot) => {
        drawLevels(plot, latest.current.series, ink);
        drawMarks(plot, latest.current.series, ink);
      }],
    },
  };
}

/** The values with some air, and with what is marked at them. */
function roomy(series: Series, low: number | null, high: number | null): [number, number] {
  const others = [...(series.marks ?? []), ...(series.bars ?? []), ...(series.levels ?? [])].map(({ value }) => value);
  const all = [...(low === null ? [] : [low]), ...(high === null ? [] : [high]), ...others];
  if (all.length === 0) return [0, 1];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const air = (most - least || Math.abs(most) || 1) * 0.08;
  return [least - (least === 0 ? 0 : air), most + air];
}

/** Colours of what is drawn by hand, read once a theme. */
function inksOf(series: Series): (name: string) => string {
  const known = new Map<string, string>();
  const ink = (name: string) => {
    let colour = known.get(name);
    if (!colour) known.set(name, (colour = token(name)));
    return colour;
  };
  for (const line of series.lines) ink(line.colour);
  return ink;
}

type Ink = (name: string) => string;

function drawHoles(plot: uPlot, series: Series, ink: Ink): void {
  const { ctx, bbox } = plot;
  for (const [from, to] of series.holes ?? []) {
    const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = ink("doubt");
    ctx.globalAlpha = 0.45;
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += 8 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

function drawBars(plot: uPlot, series: Series, ink: Ink): void {
  const { ctx, bbox } = plot;
  const height = 7 * devicePixelRatio;
  for (const bar of series.bars ?? []) {
    const left = Math.max(bbox.left, plot.valToPos(bar.from, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(bar.to, "x", true));
    const y = plot.valToPos(bar.value, "y", true);
    ctx.save();
    ctx.fillStyle = ink(`${bar.colour}-soft`);
    ctx.strokeStyle = ink(bar.colour);
    ctx.setLineDash([3, 3]);
    ctx.fillRect(left, y - height / 2, Math.max(2, right - left), height);
    ctx.strokeRect(left, y - height / 2, Math.max(2, right - left), height);
    ctx.restore();
  }
}

function drawLevels(plot: uPlot, series: Series, ink: Ink): void {
  const { ctx, bbox } = plot;
  for (const level of series.levels ?? []) {
    const y = Math.round(plot.valToPos(level.value, "y", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = ink("dim");
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = "right";
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * devicePixelRatio;
    ctx.strokeStyle = ink("sheet");
    ctx.strokeText(level.label, bbox.left + bbox.width - 4, y - 4);
    ctx.fillText(level.label, bbox.left + bbox.width - 4, y - 4);
    ctx.restore();
  }
}

function drawMarks(plot: uPlot, series: Series, ink: Ink): void {
  const { ctx } = plot;
  ctx.save();
  ctx.font = `${13 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.strokeStyle = ink("sheet");
  for (const mark of series.marks ?? []) {
    const x = plot.valToPos(mark.time, "x", true);
    const y = plot.valToPos(mark.value, "y", true);
    ctx.fillStyle = ink(mark.colour);
    ctx.strokeText(mark.glyph, x, y);
    ctx.fillText(mark.glyph, x, y);
  }
  ctx.restore();
}
