import { useEffect, useRef } from "preact/hooks";
import { helpOpen } from "./settings.ts";
import { keys } from "./keys.ts";

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (helpOpen.value = false)}>
      <h2 id="help-title">How to read this</h2>
      <dl>
        <dt>4.61</dt><dd>a fact: computed from recorded fills. Any number opens why.</dd>
        <dt class="claim">“13.00”</dt><dd>a claim: what a bot, a dashboard or a person said. Compared, never believed.</dd>
        <dt class="estimate">≈ 0.50</dt><dd>an estimate.</dd>
        <dt>resting</dt><dd>waits on the book. It is no position, whatever its status says.</dd>
        <dt>matched</dt><dd>bought less sold, by fills.</dd>
        <dt>settled</dt><dd>the part of it the venue confirmed.</dd>
        <dt>failed</dt><dd>fills that did not settle: void.</dd>
      </dl>
      <h2>Keys</h2>
      <dl>{keys.map(([key, does]) => <><dt key={key}><kbd>{key}</kbd></dt><dd>{does}</dd></>)}</dl>
      <form method="dialog"><button type="submit">close</button></form>
    </dialog>
  );
}
