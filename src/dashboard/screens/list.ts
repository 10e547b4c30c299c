import { health } from "./health.tsx";
import { journal } from "./journal.tsx";
import { marketScreen } from "./market.tsx";
import { money } from "./money.tsx";
import { now } from "./now.tsx";
import { postmortem } from "./postmortem.tsx";
import { projections } from "./projections.tsx";
import type { Screen } from "./screen.ts";

/** In the order of the keys. */
export const screens: Screen[] = [
  now,
  marketScreen,
  money,
  postmortem,
  journal,
  health,
  projections,
];
