// Rows and columns. Long ones draw only what is seen. `j` and `k` walk rows, Enter opens one.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { count } from "./format.ts";

export interface Column<T> {
  head: ComponentChildren;
  /** Under the head, in small: the unit. */
  unit?: string;
  /** Numbers stand at the right. */
  right?: boolean;
  /** Left out when the page is narrow; "very": already when it is not very wide. */
  wide?: boolean | "very";
  /** Left out when no row has anything in it. */
  has?: (row: T) => boolean;
  cell: (row: T) => ComponentChildren;
}

interface Props<T> {
  /** Read out as the table's name. */
  caption: string;
  columns: Column<T>[];
  rows: T[];
  id: (row: T) => string | number;
  open?: (row: T) => void;
  marked?: (row: T) => boolean;
}

const kRowHeight = 30;
const kWholeMax = 150;
const kOverscan = 12;

export function Table<T>(props: Props<T>) {
  const { caption, rows } = props;
  const columns = props.columns.filter(({ has }) => !has || rows.some(has));
  const long = rows.length > kWholeMax;
  const [box, seen] = useSeen(long, rows.length);
  const [first, last] = long ? seen : [0, rows.length];
  return (
    <div ref={box} class={long ? "rows long" : "rows"} tabIndex={0} role="region" aria-label={caption}>
      <table aria-rowcount={rows.length + 1}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>{columns.map((column, at) => (
            <th key={at} scope="col" class={classes(column)}>{column.head}{column.unit && <small>{column.unit}</small>}</th>
          ))}</tr>
        </thead>
        <tbody>
          <Spacer rows={first} columns={columns.length} />
          {rows.slice(first, last).map((row, at) => <Row key={props.id(row)} row={row} at={first + at} {...props} columns={columns} />)}
          <Spacer rows={rows.length - last} columns={columns.length} />
        </tbody>
      </table>
      {long && <p class="dim counted">{count(rows.length)} rows</p>}
    </div>
  );
}

function Row<T>({ row, at, columns, open, marked }: Props<T> & { row: T; at: number }) {
  return (
    <tr data-row="" tabIndex={-1} aria-rowindex={at + 2} class={marked?.(row) ? "marked" : ""}
      onClick={open && (() => open(row))}
      onKeyDown={open && ((event) => {
        if (event.key === "Enter" && event.target === event.currentTarget) open(row);
      })}>
      {columns.map((column, index) => <td key={index} class={classes(column)}>{column.cell(row)}</td>)}
    </tr>
  );
}

const classes = (column: { right?: boolean; wide?: boolean | "very" }): string =>
  [column.right ? "right" : "", column.wide === "very" ? "wide very" : column.wide ? "wide" : ""].join(" ").trim();

function Spacer({ rows, columns }: { rows: number; columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    if (cell.current) cell.current.style.height = `${rows * kRowHeight}px`;
  });
  return rows > 0 ? <tr aria-hidden="true"><td ref={cell} colSpan={columns} class="spacer" /></tr> : null;
}

/** Which rows of a scrolled box are seen. */
function useSeen(long: boolean, rows: number) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<[number, number]>([0, 60]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !long) return;
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / kRowHeight) - kOverscan);
      const last = Math.min(rows, Math.ceil((element.scrollTop + element.clientHeight) / kRowHeight) + kOverscan);
      setSeen((before) => (before[0] === first && before[1] === last ? before : [first, last]));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [long, rows]);
  return [box, seen] as const;
}
