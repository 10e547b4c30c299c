// What a screen shows instead of an answer: that it waits, that there is nothing yet and how to
// feed it, or what went wrong and what to do.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../data/api.ts";
import type { View } from "../data/live.ts";
import { line } from "../data/live.ts";

/** `children` of the answer once there is one. */
export function Answered<T>({ view, children }: { view: View<T>; children: (answer: T) => ComponentChildren }) {
  if (view.answer !== null) return <>{children(view.answer)}</>;
  if (view.problem !== null) return <Trouble problem={view.problem} />;
  return <Waiting />;
}

function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return <div class="skeleton" aria-hidden="true" />;
  return <p class="waiting" role="status">{line.value === "lost" ? "waiting for the recorder …" : "reading …"}</p>;
}

export function Trouble({ problem }: { problem: Problem }) {
  return (
    <div class="trouble" role="alert">
      <p><b>✖ {problem.title}</b>{problem.status > 0 && <span class="dim"> · {problem.status}</span>}</p>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.try && <p>try: <code>{problem.try}</code></p>}
    </div>
  );
}

/** Nothing yet: what would be here, and the command that brings it. */
export function Empty({ what, commands }: { what: string; commands: string[] }) {
  return (
    <div class="empty">
      <p>{what}</p>
      {commands.map((command) => <Command key={command} text={command} />)}
    </div>
  );
}

export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  }
  return (
    <p class="command"><code>{text}</code>
      <button type="button" onClick={() => void copy()} aria-label={`copy: ${text}`}>{copied ? "✓ copied" : "copy"}</button>
    </p>
  );
}
