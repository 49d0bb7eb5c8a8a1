/**
 * What differs between an office and the newest revision. It is found without a lock, mostly by fingerprints: only
 * ranges of keys in which something differs are read, page by page, and compared entity by entity.
 */
import { ENTITY_KINDS, type EntityKind, entitiesOf } from "../policy/office/entities.js";
import type { Office } from "../policy/office/office.js";
import { same } from "../policy/office/same.js";
import type { Database } from "./database.js";
import { digestOf } from "./digest.js";
import { KEY_FIELDS } from "./entities.js";
import {
  type ChangedRange,
  findRange,
  type Ranges,
  rangesFor,
  rangesWith,
  readFingerprints,
  withoutFingerprints,
} from "./fingerprints.js";
import { readEntities } from "./read.js";

/** What differs in one kind, by key. */
export interface Difference {
  readonly added: ReadonlyMap<string, unknown>;
  readonly changed: ReadonlyMap<string, unknown>;
  readonly removed: readonly string[];
  /** What was changed or removed, as it is stored; only where the comparison was asked for it. */
  readonly before: ReadonlyMap<string, unknown>;
}

export const NOTHING: Difference = {
  added: new Map(),
  changed: new Map(),
  removed: [],
  before: new Map(),
};

/** An office compared with a revision. */
export interface Compared {
  readonly revision: number;
  readonly differences: ReadonlyMap<EntityKind, Difference>;
  readonly ranges: ReadonlyMap<EntityKind, readonly ChangedRange[]>;
  /** The revision has no fingerprints yet, and `ranges` are all. */
  readonly wasWithout: boolean;
}

/** @param tell called with the number of entities compared, again and again */
export async function compareOffice(
  database: Database,
  office: Office,
  { revision, withBefore }: { readonly revision: number; readonly withBefore: boolean },
  tell: (entities: number) => void,
): Promise<Compared> {
  const fingerprints = await readFingerprints(database, revision);
  const differences = new Map<EntityKind, Difference>();
  const ranges = new Map<EntityKind, readonly ChangedRange[]>();
  for (const kind of ENTITY_KINDS) {
    const before = (fingerprints ?? withoutFingerprints())[kind];
    const { difference, changed, entities } = await compareKind(
      { database, kind, revision, withBefore },
      entitiesIn(office, kind),
      before,
      fingerprints === undefined,
    );
    differences.set(kind, difference);
    ranges.set(kind, changed);
    tell(entities);
  }
  return { revision, differences, ranges, wasWithout: fingerprints === undefined };
}

/**
 * The same for a part of the office: entities that change, and others that stay. Nothing is added or removed.
 * @param before the part as the revision has it
 * @returns undefined: the revision has no fingerprints, so the whole office must be compared
 */
export async function comparePart(
  database: Database,
  before: Office,
  after: Office,
  revision: number,
): Promise<Compared | undefined> {
  const fingerprints = await readFingerprints(database, revision);
  if (fingerprints === undefined) return undefined;
  const differences = new Map<EntityKind, Difference>();
  const ranges = new Map<EntityKind, readonly ChangedRange[]>();
  const [was, is] = [entitiesOf(before), entitiesOf(after)];
  for (const kind of ENTITY_KINDS) {
    const there = new Map<string, unknown>(was[kind]);
    if (there.size !== is[kind].length) throw new Error(`a part of an office has other ${kind} than before`);
    const changes = is[kind].flatMap(([key, entity]) => {
      const stored = there.get(key);
      if (stored === undefined) throw new Error(`a part of an office has other ${kind} than before`);
      return same(stored, entity) ? [] : [{ key, before: stored, after: entity as unknown }];
    });
    differences.set(kind, {
      ...NOTHING,
      changed: new Map(changes.map(({ key, after: entity }) => [key, entity])),
      before: new Map(changes.map(({ key, before: entity }) => [key, entity])),
    });
    ranges.set(kind, rangesWith(fingerprints[kind], changes));
  }
  return { revision, differences, ranges, wasWithout: false };
}

/** The number of entities of an office. */
export function countEntities(office: Office): number {
  return ENTITY_KINDS.reduce((sum, kind) => sum + entitiesIn(office, kind).items.length, 0);
}

/** The entities of a kind, without a new object for each of a million. */
interface Entities {
  readonly items: readonly unknown[];
  readonly keyOf: (item: unknown) => string;
  readonly bodyOf: (item: unknown) => unknown;
}

function entitiesIn(office: Office, kind: EntityKind): Entities {
  const field = KEY_FIELDS[kind];
  if (field !== undefined) {
    // Kinds with a field for their key are lists of the office.
    const items = office[kind as "users" | "groups" | "numbers" | "carriers"];
    return {
      items,
      keyOf: (item) => (item as Readonly<Record<string, string>>)[field] ?? "",
      bodyOf: (item) => item,
    };
  }
  const items = entitiesOf({ ...office, users: [], groups: [], numbers: [] })[kind];
  type Pair = readonly [key: string, value: unknown];
  return { items, keyOf: (item) => (item as Pair)[0], bodyOf: (item) => (item as Pair)[1] };
}

interface Where {
  readonly database: Database;
  readonly kind: EntityKind;
  readonly revision: number;
  /** Also return what is stored of all that differs. Files may change a million entities, and need none of it. */
  readonly withBefore: boolean;
}

async function compareKind(where: Where, entities: Entities, ranges: Ranges, whole: boolean) {
  const { items } = entities;
  const found = {
    added: new Map<string, unknown>(),
    changed: new Map<string, unknown>(),
    removed: [] as string[],
    before: new Map<string, unknown>(),
  };
  const changed: ChangedRange[] = [];
  const places = whole ? allInOne(entities) : place(entities, ranges);
  for (const [index, after] of changedRanges(entities, ranges, places)) {
    const range = ranges[index];
    if (range === undefined) continue;
    await compareRange(where, [range.firstKey, ranges[index + 1]?.firstKey], after, found);
    changed.push(rangesFor(range, after));
  }
  return { difference: found, changed, entities: items.length };
}

/** Where the entities belong, and what the ranges are with them. */
interface Places {
  /** By the entity's index: the index of its range. */
  readonly rangeOf: Uint32Array;
  readonly isChanged: (range: number) => boolean;
}

function allInOne({ items }: Entities): Places {
  return { rangeOf: new Uint32Array(items.length), isChanged: () => true };
}

/** Goes through all entities, a million and more: what it does for each must cost a fraction of a microsecond. */
function place({ items, keyOf, bodyOf }: Entities, ranges: Ranges): Places {
  const rangeOf = new Uint32Array(items.length);
  const [counts, highs, lows] = [0, 1, 2].map(() => new Uint32Array(ranges.length)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let range = 0;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const key = keyOf(item);
    // Most offices are in the order of their keys.
    if (!isIn(key, ranges, range)) range = findRange(key, ranges);
    const { high, low } = digestOf(key, bodyOf(item));
    rangeOf[index] = range;
    counts[range] = (counts[range] ?? 0) + 1;
    highs[range] = (highs[range] ?? 0) + high;
    lows[range] = (lows[range] ?? 0) + low;
  }
  const isChanged = (one: number) => {
    const before = ranges[one];
    return (
      before?.entities !== counts[one] ||
      before?.digest.high !== highs[one] ||
      before?.digest.low !== lows[one]
    );
  };
  return { rangeOf, isChanged };
}

function isIn(key: string, ranges: Ranges, range: number): boolean {
  const [first, next] = [ranges[range]?.firstKey ?? "", ranges[range + 1]?.firstKey];
  return first <= key && (next === undefined || key < next);
}

/** The changed ranges by index, each with the entities that it has in the new office. */
function changedRanges(
  { items, keyOf, bodyOf }: Entities,
  ranges: Ranges,
  { rangeOf, isChanged }: Places,
): ReadonlyMap<number, Map<string, unknown>> {
  const changed = new Map<number, Map<string, unknown>>();
  for (let range = 0; range < ranges.length; range += 1) if (isChanged(range)) changed.set(range, new Map());
  if (changed.size > 0)
    for (let index = 0; index < items.length; index += 1)
      changed.get(rangeOf[index] ?? 0)?.set(keyOf(items[index]), bodyOf(items[index]));
  return changed;
}

/**
 * Compares page by page, so that the stored office is never in memory as a whole beside the new one. Entities are
 * compared as data: encoding a million of them as text to find a single difference would take most of the time.
 */
async function compareRange(
  { database, kind, revision, withBefore }: Where,
  [first, next]: readonly [first: string, next: string | undefined],
  after: ReadonlyMap<string, unknown>,
  found: {
    added: Map<string, unknown>;
    changed: Map<string, unknown>;
    removed: string[];
    before: Map<string, unknown>;
  },
): Promise<void> {
  const known = new Set<string>();
  for await (const page of readEntities(database, kind, revision, { first, next }))
    for (const { key, value } of page) {
      known.add(key);
      if (after.has(key) && same(value, after.get(key))) continue;
      if (!after.has(key)) found.removed.push(key);
      else found.changed.set(key, after.get(key));
      if (withBefore) found.before.set(key, value);
    }
  for (const [key, value] of after) if (!known.has(key)) found.added.set(key, value);
}
