/**
 * Whether two plain values say the same: entities are compared between files and database, where the order of
 * their keys differs.
 */

/** A value as JSON with sorted keys: equal values are equal texts. What is undefined is not there. */
function canonical(value: unknown): string {
  return JSON.stringify(value, sortedKeys);
}

export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
