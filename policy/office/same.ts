/** Compares two plain values regardless of the order of their keys, which differs between files and database. */

/** A value as JSON with sorted keys, so that equal values are equal texts. Undefined properties are left out. */
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
