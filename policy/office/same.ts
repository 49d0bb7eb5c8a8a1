/**
 * Compares two plain values as their JSON would be, whatever the order of their keys, which differs between files and
 * database. A large office is compared with itself entity by entity, so nothing is written for it.
 */

export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return isSamePrimitive(a, b);
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && isSameList(a, b);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  // A key whose value is undefined is not written.
  for (const key in left) if (!same(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  // In a list, JSON writes null for undefined.
  for (const [index, item] of a.entries()) if (!same(item ?? null, b[index] ?? null)) return false;
  return true;
}

/** JSON writes null for numbers that are none. */
function isSamePrimitive(a: unknown, b: unknown): boolean {
  const isNull = (value: unknown) => value === null || (typeof value === "number" && !Number.isFinite(value));
  return isNull(a) && isNull(b);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
