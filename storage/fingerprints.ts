/**
 * Fingerprints of the newest revision: for each range of about a thousand keys the number of entities and the sum of
 * their digests. Where both are as in an office that is applied, no entity in the range differs, and none is read.
 */
import { ENTITY_KINDS, type EntityKind } from "../policy/office/entities.js";
import type { Database } from "./database.js";
import { DIGEST_VERSION, type Digest, digestOf } from "./digest.js";

/** A range of keys; it ends before the first key of the next range. */
export interface Range {
  readonly firstKey: string;
  readonly entities: number;
  readonly digest: Digest;
}
export type Ranges = readonly [Range, ...Range[]];
export type RangesByKind = { readonly [K in EntityKind]: Ranges };

/** Entities in a range that is written anew; a range with twice as many is divided. */
const RANGE_ENTITIES = 1_000;

const NO_DIGEST: Digest = { high: 0, low: 0 };
const EVERYTHING: Ranges = [{ firstKey: "", entities: 0, digest: NO_DIGEST }];

interface Row {
  readonly kind: EntityKind;
  readonly firstKey: string;
  readonly entities: number;
  readonly digest: string;
  readonly revision: number | null;
}

/** The fingerprints of a revision; undefined: there are none of this revision. */
export async function readFingerprints(
  database: Database,
  revision: number,
): Promise<RangesByKind | undefined> {
  // One statement, so that all rows are of one revision.
  const rows = await database.all<Row>(
    `SELECT kind, first_key AS firstKey, entities, digest,
       (SELECT revision FROM fingerprinted WHERE version = ?) AS revision
     FROM fingerprints ORDER BY kind, first_key`,
    [DIGEST_VERSION],
  );
  if (rows[0]?.revision !== revision) return undefined;
  const ranges = new Map<string, Range[]>();
  for (const { kind, firstKey, entities, digest } of rows) {
    const ofKind = ranges.get(kind) ?? [];
    ofKind.push({ firstKey, entities, digest: parseDigest(digest) });
    ranges.set(kind, ofKind);
  }
  return byKind((kind) => {
    const [first, ...rest] = ranges.get(kind) ?? [];
    return first === undefined ? EVERYTHING : [first, ...rest];
  });
}

/** One range for each kind: what is compared without fingerprints. */
export function withoutFingerprints(): RangesByKind {
  return byKind(() => EVERYTHING);
}

function byKind(of: (kind: EntityKind) => Ranges): RangesByKind {
  return Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, of(kind)])) as unknown as RangesByKind;
}

/** A range that changes, and the ranges that take its place. */
export interface ChangedRange {
  readonly before: Range;
  readonly after: readonly Range[];
}

/** The ranges in which some entities change, when all others stay as they are. */
export function rangesWith(
  ranges: Ranges,
  changes: readonly { readonly key: string; readonly before: unknown; readonly after: unknown }[],
): ChangedRange[] {
  const changed = new Map<Range, Digest>();
  for (const { key, before, after } of changes) {
    const range = ranges[findRange(key, ranges)] ?? ranges[0];
    const { high, low } = changed.get(range) ?? range.digest;
    const [was, is] = [digestOf(key, before), digestOf(key, after)];
    changed.set(range, { high: (high - was.high + is.high) >>> 0, low: (low - was.low + is.low) >>> 0 });
  }
  return [...changed].map(([before, digest]) => ({ before, after: [{ ...before, digest }] }));
}

/**
 * The last range that begins at or before a key; the first begins before all keys. Keys are ASCII
 * (policy/office-file/fields.ts), so JavaScript and SQLite order them alike.
 */
export function findRange(key: string, ranges: Ranges): number {
  let [low, high] = [0, ranges.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.firstKey ?? "") <= key) low = middle;
    else high = middle;
  }
  return low;
}

/** The ranges for the entities that a range has now: none, one, or several where it has grown too large. */
export function rangesFor(before: Range, entities: ReadonlyMap<string, unknown>): ChangedRange {
  if (entities.size === 0 && before.firstKey !== "") return { before, after: [] };
  if (entities.size <= 2 * RANGE_ENTITIES)
    return { before, after: [rangeOf(before.firstKey, [...entities.keys()], entities)] };
  const keys = [...entities.keys()].sort();
  const after: Range[] = [];
  for (let start = 0; start < keys.length; start += RANGE_ENTITIES) {
    const those = keys.slice(start, start + RANGE_ENTITIES);
    after.push(rangeOf(start === 0 ? before.firstKey : (those[0] ?? ""), those, entities));
  }
  return { before, after };
}

function rangeOf(firstKey: string, keys: readonly string[], entities: ReadonlyMap<string, unknown>): Range {
  let [high, low] = [0, 0];
  for (const key of keys) {
    const digest = digestOf(key, entities.get(key));
    high = (high + digest.high) >>> 0;
    low = (low + digest.low) >>> 0;
  }
  return { firstKey, entities: keys.length, digest: { high, low } };
}

/** Writes the fingerprints of a revision, inside its transaction. @param whole there were none before */
export async function writeFingerprints(
  database: Database,
  revision: number,
  changed: ReadonlyMap<EntityKind, readonly ChangedRange[]>,
  whole: boolean,
): Promise<void> {
  if (whole) await database.run("DELETE FROM fingerprints");
  for (const [kind, ranges] of changed) {
    const gone = ranges.filter(({ after }) => after.length === 0).map(({ before }) => before.firstKey);
    await database.run(
      "DELETE FROM fingerprints WHERE kind = ? AND first_key IN (SELECT value FROM json_each(?))",
      [kind, JSON.stringify(gone)],
    );
    const rows = ranges
      .flatMap(({ after }) => after)
      .map(({ firstKey, entities, digest }) => [firstKey, entities, digestText(digest)]);
    await database.run(
      `INSERT OR REPLACE INTO fingerprints (kind, first_key, entities, digest)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
      [kind, JSON.stringify(rows)],
    );
  }
  await database.run("INSERT OR REPLACE INTO fingerprinted (only_row, revision, version) VALUES (1, ?, ?)", [
    revision,
    DIGEST_VERSION,
  ]);
}

const HALF_DIGITS = 8;

function digestText({ high, low }: Digest): string {
  return [high, low].map((half) => half.toString(16).padStart(HALF_DIGITS, "0")).join("");
}

function parseDigest(text: string): Digest {
  return {
    high: Number.parseInt(text.slice(0, HALF_DIGITS), 16),
    low: Number.parseInt(text.slice(HALF_DIGITS), 16),
  };
}
