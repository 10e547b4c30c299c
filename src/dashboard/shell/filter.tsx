import { filter } from "./settings.ts";

export function Filter() {
  return <input id="filter" type="search" placeholder="filter  /" aria-label="filter rows" value={filter.value}
    onInput={({ currentTarget }) => (filter.value = currentTarget.value)} />;
}
