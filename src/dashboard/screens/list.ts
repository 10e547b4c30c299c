import { now } from "./now.tsx";
import type { Screen } from "./screen.ts";

/** In the order of the keys. */
export const screens: Screen[] = [
  now,
];
