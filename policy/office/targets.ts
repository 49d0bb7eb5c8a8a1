/**
 * Finds and rewrites the targets in any part of an office, such as steps of every kind. A target is recognised by its
 * form and not by the field it stands in, so that a new kind of step needs no change here.
 */
import type { Target } from "./target.js";

/** The field that holds the name, for each kind of target. */
const NAME_FIELDS: { readonly [K in Target["kind"]]: string } = {
  user: "username",
  group: "id",
  flow: "id",
  extension: "extension",
  number: "number",
};

/** Every target in a part of an office. */
export function targetsIn(value: unknown): Target[] {
  if (isTarget(value)) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(targetsIn);
}

/**
 * A part of an office with each target in it replaced. A value in which nothing is replaced is returned itself, not a
 * copy.
 */
export function withTargets<T>(value: T, replace: (target: Target) => Target): T {
  return rewrite(value, replace) as T;
}

function rewrite(value: unknown, replace: (target: Target) => Target): unknown {
  if (isTarget(value)) return replace(value);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, part, rewrite(part, replace)] as const);
  if (parts.every(([, before, after]) => before === after)) return value;
  if (Array.isArray(value)) return parts.map(([, , after]) => after);
  return Object.fromEntries(parts.map(([key, , after]) => [key, after]));
}

/** Exactly a kind and its name: a group also has an id, and a number's flow also has a kind. */
function isTarget(value: unknown): value is Target {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  const { kind } = value;
  if (typeof kind !== "string" || !Object.hasOwn(NAME_FIELDS, kind)) return false;
  return Object.keys(value).length === 2 && Object.hasOwn(value, NAME_FIELDS[kind as Target["kind"]]);
}
