import type { Operation } from "./api.ts";

type Container = unknown[] | Record<string, unknown>;

/** `before` with `operations` carried out on it (RFC 6902: add, remove, replace). What did not
 * change is shared with `before`, which stays as it is. Throws when a path leads nowhere: the
 * two sides no longer speak of the same document. */
export function patched<T>(before: T, operations: Operation[]): T {
  const copies = new Set<Container>();
  let root: unknown = before;
  for (const operation of operations) {
    if (operation.path === "") {
      root = operation.op === "remove" ? undefined : operation.value;
      continue;
    }
    const steps = operation.path.slice(1).split("/").map(unescaped);
    const last = steps.pop() as string;
    root = owned(root, copies);
    let place = root as Container;
    for (const step of steps) place = descend(place, step, copies);
    carryOut(place, last, operation);
  }
  return root as T;
}

const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

/** A copy made once a patch, so that a long array is not copied for each operation on it. */
function owned(value: unknown, copies: Set<Container>): Container {
  if (typeof value !== "object" || value === null) throw new Error("a patch leads into a value");
  const container = value as Container;
  if (copies.has(container)) return container;
  const copy = Array.isArray(container) ? container.slice() : { ...container };
  copies.add(copy);
  return copy;
}

function descend(place: Container, step: string, copies: Set<Container>): Container {
  const key = Array.isArray(place) ? indexIn(place, step, place.length - 1) : step;
  const next = owned((place as Record<string | number, unknown>)[key], copies);
  (place as Record<string | number, unknown>)[key] = next;
  return next;
}

function carryOut(place: Container, last: string, operation: Operation): void {
  if (Array.isArray(place)) {
    if (operation.op === "add") place.splice(indexIn(place, last, place.length), 0, operation.value);
    else if (operation.op === "remove") place.splice(indexIn(place, last, place.length - 1), 1);
    else place[indexIn(place, last, place.length - 1)] = operation.value;
  } else if (operation.op === "remove") {
    if (!(last in place)) throw new Error(`a patch removes ${last}, which is not there`);
    delete place[last];
  } else {
    place[last] = operation.value;
  }
}

function indexIn(array: unknown[], step: string, max: number): number {
  const index = step === "-" ? array.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > max) throw new Error(`a patch leads to ${step} of ${array.length}`);
  return index;
}
