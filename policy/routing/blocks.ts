/**
 * Blocks of numbers: a range of numbers of one length that leads to one place, and the catch-all for every number that is
 * in no block. Offices with direct dialling have one entry for a hundred numbers.
 * A block has one form, `+493023125000..99`: its first number, and the last digits of its last one.
 */
import type { E164, NumberEntry } from "../office/office.js";
import { isE164 } from "./country.js";

/** The entry for every number that the office has no other entry for. */
export const ANY_NUMBER = "any";

/** Fewer digits at the end are hard to read: `+493023125010..19`, not `..9`. */
const TAIL_DIGITS_MIN = 2;

/** The first and the last number of a block, as numbers: 15 digits fit a double exactly. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Whether this is a number, not a block or the catch-all. */
export function isSingle(key: string): boolean {
  return key !== ANY_NUMBER && !key.includes("..");
}

/** The range of a block; undefined: this is a number or the catch-all. */
export function rangeOf(key: string): Range | undefined {
  const [first = "", tail] = key.split("..");
  if (tail === undefined) return undefined;
  return { first: Number(first.slice(1)), last: Number(first.slice(1, -tail.length) + tail) };
}

/** The one form of a block. Both numbers have the same length, and the first is the lower one. */
export function blockKey(first: E164, last: E164): string {
  let same = 0;
  while (first[same] === last[same] && same < first.length) same += 1;
  return `${first}..${last.slice(-Math.max(TAIL_DIGITS_MIN, last.length - same))}`;
}

/** How many numbers are in it. */
export function sizeOf({ first, last }: Range): number {
  return last - first + 1;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** A part of all numbers in which one block is the smallest. */
interface Segment extends Range {
  readonly entry: NumberEntry;
}

/** The blocks of one revision. Immutable; the smallest block that has a number decides. */
export class NumberBlocks {
  readonly #entries: ReadonlyMap<string, NumberEntry>;
  /** In order, without overlaps; made when first asked for. */
  #segments: readonly Segment[] | undefined;

  constructor(entries: ReadonlyMap<string, NumberEntry> = new Map()) {
    this.#entries = entries;
  }

  /** The catch-all. */
  get any(): NumberEntry | undefined {
    return this.#entries.get(ANY_NUMBER);
  }

  /** The entry of a block, or of the catch-all, by its key. */
  entry(key: string): NumberEntry | undefined {
    return this.#entries.get(key);
  }

  /** With the entries that have changed; those of single numbers are left out. */
  with(changes: readonly { readonly key: string; readonly value: NumberEntry | undefined }[]): NumberBlocks {
    const own = changes.filter(({ key }) => !isSingle(key));
    if (own.length === 0) return this;
    const entries = new Map(this.#entries);
    for (const { key, value } of own) {
      if (value === undefined) entries.delete(key);
      else entries.set(key, value);
    }
    return new NumberBlocks(entries);
  }

  /** The smallest block that has the number. */
  find(number: E164): NumberEntry | undefined {
    if (this.#entries.size === 0 || !isE164(number)) return undefined;
    this.#segments ??= segmentsOf([...this.#entries.values()]);
    return segmentAt(this.#segments, Number(number.slice(1)))?.entry;
  }

  /** The first number of the lowest block. */
  lowest(): E164 | undefined {
    const numbers = [...this.#entries.keys()].flatMap((key) =>
      key === ANY_NUMBER ? [] : [key.split("..")[0] ?? ""],
    );
    return numbers.sort()[0];
  }
}

function segmentAt(segments: readonly Segment[], number: number): Segment | undefined {
  let [low, high] = [0, segments.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment === undefined || number < segment.first) high = middle - 1;
    else if (number > segment.last) low = middle + 1;
    else return segment;
  }
  return undefined;
}

/** Cuts blocks that may overlap into parts that do not: from border to border, the smallest open block has the part. */
function segmentsOf(entries: readonly NumberEntry[]): readonly Segment[] {
  const blocks = entries.flatMap((entry) => {
    const range = rangeOf(entry.number);
    return range === undefined ? [] : [{ ...range, entry }];
  });
  const borders = [...new Set(blocks.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b);
  const waiting = [...blocks].sort((a, b) => a.first - b.first);
  const segments: Segment[] = [];
  let open: Segment[] = [];
  let next = 0;
  for (const [index, border] of borders.entries()) {
    open = open.filter(({ last }) => last >= border);
    for (let block = waiting[next]; block !== undefined && block.first <= border; block = waiting[next]) {
      open.push(block);
      next += 1;
    }
    const smallest = open.reduce<Segment | undefined>(smaller, undefined);
    const end = borders[index + 1];
    if (smallest !== undefined && end !== undefined)
      segments.push({ first: border, last: end - 1, entry: smallest.entry });
  }
  return segments;
}

function smaller(a: Segment | undefined, b: Segment): Segment {
  return a === undefined || sizeOf(b) < sizeOf(a) ? b : a;
}
