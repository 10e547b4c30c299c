// A number on the screen. It says whether it is a fact (from fills), a claim (what somebody said)
// or an estimate, and opens why it is what it is.
import type { ComponentChildren } from "preact";
import { decimal, exact, isZero, percent, sign, signed } from "./format.ts";
import { openWhy } from "./why_at.ts";

export type Kind = "fact" | "claim" | "estimate";

interface Shown {
  about: string | number;
  figure?: string;
  kind?: Kind;
  /** The exact value, for the tip. */
  exactly: string;
  class?: string;
  children: ComponentChildren;
}

const kSays: Record<Kind, string> = {
  fact: "fact, from recorded fills",
  claim: "claim: what somebody said",
  estimate: "estimate",
};

export function Figure({ about, figure, kind = "fact", exactly, class: also = "", children }: Shown) {
  return (
    <button type="button" class={`figure ${kind} ${also}`} title={`${exactly.replace("-", "−")} · ${kSays[kind]} · why?`}
      onClick={(event) => { event.stopPropagation(); openWhy(about, figure); }}>
      {kind === "claim" ? <>“{children}”</> : kind === "estimate" ? <>≈ {children}</> : children}
    </button>
  );
}

interface Value {
  value: string | null;
  about: string | number;
  figure?: string;
  kind?: Kind;
}

const absent = <span class="absent" title="nothing to show">–</span>;

function passed({ about, figure, kind }: Value) {
  return { about, ...(figure === undefined ? {} : { figure }), ...(kind === undefined ? {} : { kind }) };
}

/** Money won or lost: sign and colour. */
export function Result(props: Value) {
  if (props.value === null) return absent;
  const tone = ["loss", "even", "gain"][sign(props.value) + 1] as string;
  return <Figure {...passed(props)} exactly={props.value} class={tone}>{signed(props.value)}</Figure>;
}

/** Money paid or received. */
export function Amount(props: Value) {
  if (props.value === null) return absent;
  return <Figure {...passed(props)} exactly={props.value} class={isZero(props.value) ? "even" : ""}>{decimal(props.value, 2)}</Figure>;
}

export function Shares(props: Value) {
  if (props.value === null) return absent;
  return <Figure {...passed(props)} exactly={props.value} class={isZero(props.value) ? "even" : ""}>{exact(props.value)}</Figure>;
}

export function Price(props: Value & { places?: number }) {
  if (props.value === null) return absent;
  return <Figure {...passed(props)} exactly={props.value}>{decimal(props.value, props.places ?? 4)}</Figure>;
}

export function Ratio(props: Value) {
  if (props.value === null) return absent;
  return <Figure {...passed(props)} exactly={props.value}>{percent(props.value)}</Figure>;
}
