// Decimal text for people: grouped, with the minus sign U+2212, rounded half to even as the command
// line does. Everything by digits; a double only where something is drawn (`pixels`).

/** "-1234.565" with 2 places: "−1,234.56". */
export function decimal(text: string, places: number): string {
  const negative = text.startsWith("-");
  const digits = rounded(negative ? text.slice(1) : text, places);
  const [whole = "0", rest] = digits.split(".");
  const shown = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
  return negative && /[1-9]/.test(digits) ? `−${shown}` : shown;
}

function rounded(text: string, places: number): string {
  const [whole = "0", rest = ""] = text.split(".");
  const kept = BigInt(whole + rest.slice(0, places).padEnd(places, "0"));
  const left = rest.slice(places);
  const up = left > "5" && /[1-9]/.test(left.slice(1)) || left[0] !== undefined && left[0] > "5" ||
    /^50*$/.test(left) && kept % 2n === 1n;
  const digits = String(up ? kept + 1n : kept).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The same with a plus sign when it is more than zero as shown. */
export function signed(text: string, places = 2): string {
  const shown = decimal(text, places);
  return /[1-9]/.test(shown) && !shown.startsWith("−") ? `+${shown}` : shown;
}

/** As exact as it is told, at least `places`: prices and shares. */
export function exact(text: string, places = 2): string {
  return decimal(text, Math.max(places, text.split(".")[1]?.length ?? 0));
}

/** A ratio of 0 to 1 as percent, rounded down: 79.99 % is not 80 %. */
export function percent(ratio: string): string {
  const [whole = "0", rest = ""] = ratio.split(".");
  const digits = (whole + rest.padEnd(3, "0").slice(0, 3)).replace(/^0+(?=\d\d)/, "");
  const tenth = digits.slice(-1);
  return `${digits.slice(0, -1) || "0"}${tenth === "0" ? "" : `.${tenth}`} %`;
}

export const count = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** −1, 0 or 1. */
export function sign(text: string): number {
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith("-") ? -1 : 1;
}

export const isZero = (text: string): boolean => sign(text) === 0;

/** Where to draw it. Never shown as a figure. */
export const pixels = (text: string | null): number => Number(text ?? "NaN");

export const words = (name: string): string => name.replaceAll("_", " ");

export function bytes(number: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let left = number;
  for (; left >= 1024 && unit < units.length - 1; unit++) left /= 1024;
  return `${left < 10 && unit > 0 ? left.toFixed(1) : Math.round(left)} ${units[unit]}`;
}

/** Exact sum of decimal text, for what the server does not add: two prices. */
export function plus(a: string, b: string): string {
  const places = Math.max(...[a, b].map((text) => text.split(".")[1]?.length ?? 0));
  const sum = String(units(a, places) + units(b, places));
  if (places === 0) return sum;
  const digits = sum.replace("-", "").padStart(places + 1, "0");
  return `${sum.startsWith("-") ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function units(text: string, places: number): bigint {
  const [whole = "0", rest = ""] = text.split(".");
  return BigInt(whole + rest.padEnd(places, "0"));
}

/** The smaller over the larger as a ratio with 4 decimals, rounded down; null without both. */
export function ratio(a: string, b: string): string | null {
  const places = 6;
  const [less = 0n, more = 0n] = [units(a, places), units(b, places)].sort((x, y) => (x < y ? -1 : 1));
  if (more <= 0n || less < 0n) return null;
  const tenThousandths = String((less * 10_000n) / more).padStart(5, "0");
  return `${tenThousandths.slice(0, -4)}.${tenThousandths.slice(-4)}`;
}

/** Text of the server with the minus sign of figures; a hyphen inside a word stays one. */
export const minus = (text: string): string => text.replace(/(^|[\s(=])-(?=\d)/g, "$1−");
