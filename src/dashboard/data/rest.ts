import type { Problem } from "./api.ts";

export type Told<T> = { answer: T } | { problem: Problem };

/** Asks the server once. Never throws: what went wrong is a problem like the server's own. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<Told<T>> {
  const told = await text(path, reading(signal));
  if ("problem" in told) return told;
  try {
    return { answer: JSON.parse(told.answer) as T };
  } catch (error) {
    return { problem: { title: "the answer is no JSON", status: 0, detail: String(error) } };
  }
}

/** Posts `body` with a token, once. */
export async function tell<T>(path: string, body: unknown, token: string): Promise<Told<T>> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const told = await text(path, { method: "POST", headers, body: JSON.stringify(body) });
  return "problem" in told ? told : { answer: JSON.parse(told.answer) as T };
}

/** The same for answers of one object a line. */
export async function askLines<T>(path: string, signal?: AbortSignal): Promise<Told<T[]>> {
  const told = await text(path, reading(signal));
  if ("problem" in told) return told;
  try {
    return { answer: told.answer.split("\n").filter(Boolean).map((line) => JSON.parse(line) as T) };
  } catch (error) {
    return { problem: { title: "a line is no JSON", status: 0, detail: String(error) } };
  }
}

const reading = (signal: AbortSignal | undefined): RequestInit =>
  ({ headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });

async function text(path: string, request: RequestInit): Promise<Told<string>> {
  try {
    const response = await fetch(path, request);
    const body = await response.text();
    return response.ok ? { answer: body } : { problem: problemOf(response, body) };
  } catch (error) {
    return { problem: { title: "the recorder does not answer", status: 0, detail: String(error), try: "is `daybook serve` running?" } };
  }
}

function problemOf(response: Response, body: string): Problem {
  if (!response.headers.get("Content-Type")?.includes("json")) {
    return { title: response.statusText || "refused", status: response.status, detail: body.slice(0, 300) };
  }
  return JSON.parse(body) as Problem;
}
