/**
 * Lists of the API in pages. A page names the last thing it has, not a position, so that nothing is left out or comes twice
 * when others are added or removed meanwhile.
 */
import { z } from "zod";
import { given } from "../../../policy/office/optional.js";

const PAGE_DEFAULT = 50;
const PAGE_MAX = 500;

/** What every list is asked with; a list adds its filters to it. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_MAX)
    .default(PAGE_DEFAULT)
    .describe(`how many at most, up to ${PAGE_MAX}`),
  after: z
    .string()
    .max(1_024)
    .refine((text) => readKey(text) !== undefined, { error: "`next` of the page before, as it was" })
    .optional()
    .describe("`next` of the page before"),
};

export interface PageAsked {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** The answer of a list. `total` is there where counting costs nothing. */
export function pageOf<I extends z.ZodType>(item: I) {
  return z.object({
    items: z.array(item),
    /** For `after`; null: this is the last page. */
    next: z.string().nullable(),
    total: z.number().int().optional(),
  });
}

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
  readonly total?: number;
}

/** A place in a list: the value by which it is sorted, and the id that tells equal values apart. */
export type PageKey = readonly [value: string | number, id: string];

/** A key as clients get it; they are not meant to read it. */
export function writeKey(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** Undefined: it is none of ours. */
export function readKey(text: string): PageKey | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [first, id] = value as unknown[];
    const isValue = typeof first === "string" || (typeof first === "number" && Number.isFinite(first));
    return isValue && typeof id === "string" ? [first, id] : undefined;
  } catch {
    return undefined;
  }
}

/** The number of a key that came back; 0 for one that has none, which no list of ours has given out. */
export function keyNumber(after: string): number {
  const value = Number(readKey(after)?.[0]);
  return Number.isFinite(value) ? value : 0;
}

/**
 * A page of a list in memory.
 * @param sorted ascending by `keyOf`, texts compared by their code units
 * @param shows which are in the list, also by their place in `sorted`; left out: all
 */
export function pageFrom<T>(
  sorted: readonly T[],
  keyOf: (each: T) => PageKey,
  { limit, after }: PageAsked,
  shows?: (each: T, at: number) => boolean,
): Page<T> {
  const key = after === undefined ? undefined : readKey(after);
  const all = shows === undefined ? sorted : sorted.filter(shows);
  const from = key === undefined ? 0 : firstBehind(all, keyOf, key);
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  const isLast = from + items.length >= all.length || last === undefined;
  return { items, next: isLast ? null : writeKey(keyOf(last)), total: all.length };
}

/** The same with each thing in another form. */
export function mapPage<T, U>({ items, next, total }: Page<T>, form: (each: T) => U): Page<U> {
  return { items: items.map(form), next, ...given({ total }) };
}

export function compareKeys([a, aId]: PageKey, [b, bId]: PageKey): number {
  return compare(a, b) || compare(aId, bId);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function firstBehind<T>(sorted: readonly T[], keyOf: (each: T) => PageKey, key: PageKey): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = sorted[middle];
    if (each !== undefined && compareKeys(keyOf(each), key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
