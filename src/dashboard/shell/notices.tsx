// What narrows the trust in all that stands below: holes in the record, input nobody could read.
import type { Health } from "../data/api.ts";
import { go } from "../data/place.ts";
import { useView } from "../data/views.ts";
import { count } from "../show/format.ts";

export function Notices() {
  const health = useView<Health>("health").value.answer;
  if (!health) return null;
  const gaps = health.coverage.reduce((sum, row) => sum + row.lost + row.gap + row.jumps, 0);
  const troubles = health.troubles.reduce((sum, row) => sum + row.count, 0);
  if (gaps + troubles === 0) return null;
  return (
    <p class="notice" role="note">
      <b>⚠ The record is partial.</b>{" "}
      {gaps > 0 && <>{count(gaps)} {gaps === 1 ? "gap" : "gaps"} in feeds. </>}
      {troubles > 0 && <>{count(troubles)} {troubles === 1 ? "thing that should" : "things that should"} not be. </>}
      <button type="button" class="link" onClick={() => go("health")}>Data health</button>
    </p>
  );
}
