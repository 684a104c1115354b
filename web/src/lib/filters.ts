/** Filters live in the address, so that a link shows the same list: empty values are left out. */
export function withFilter(search: URLSearchParams, changes: Record<string, string | undefined>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) {
      next.set(name, value);
    } else {
      next.delete(name);
    }
  }
  return next;
}

/** Reads a parameter that may only be one of some words. */
export function oneOf<T extends string>(value: string | null, words: readonly T[]): T | undefined {
  return words.find((w) => w === value);
}

/** Leaves out what is not set: the server refuses parameters it does not know and empty ones. */
export function compact<T extends Record<string, unknown>>(query: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(query).filter(([, v]) => v !== undefined && v !== "" && v !== false),
  ) as Partial<T>;
}
