import { health } from "./health.tsx";
import { journal } from "./journal.tsx";
import { now } from "./now.tsx";
import { projections } from "./projections.tsx";
import type { Screen } from "./screen.ts";

/** In the order of the keys. */
export const screens: Screen[] = [
  now,
  journal,
  health,
  projections,
];
