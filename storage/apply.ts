/** Writes an office as a new revision: compares it with the newest revision and writes only what differs. */

import type { EntityRef } from "../policy/change/drift.js";
import { ENTITY_KINDS, type EntityKind, entitiesOf, parseSectionKey } from "../policy/office/entities.js";
import type { Office } from "../policy/office/office.js";
import { RoutingTable } from "../policy/routing/table.js";
import type { Database } from "./database.js";
import { forgetDrift, rememberDrift } from "./drift.js";
import { encodeBody, isSameData, tableOf } from "./entities.js";
import { type HandOver, handOverKept, messagesInTheWay } from "./hand-over.js";
import { forgetMailboxAccess } from "./mailbox-access.js";
import { readEntities } from "./read.js";

/** How an office is applied. */
export interface Apply {
  /** The system's name of the person who applies it. */
  readonly author: string;
  /** Why. */
  readonly message: string;
  /**
   * SHA-256 of the files, hexadecimal; empty: a command made the change. Then the entities that change count as
   * changed by command (drift) until files say the same or are told to overwrite them.
   */
  readonly sourceHash: string;
  /** With files: entities that stay as a command changed them. All other entities count as the files' again. */
  readonly keeps?: readonly EntityRef[];
  /** The user or group that this revision removes; what is kept about them outside of revisions is handed over with it. */
  readonly handOver?: HandOver;
  /** Refuse unless this is the newest revision. */
  readonly expectRevision?: number;
  readonly nowMs: number;
  /** Called now and then with the progress, in entities compared and written. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many entities of a kind changed, and how. */
export interface KindSummary {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** By kind of entity; `sections`, by the section's key, is there only when an entry of one changed. */
export type Summary = { readonly [K in Exclude<EntityKind, "sections">]: KindSummary } & {
  readonly sections?: Readonly<Record<string, KindSummary>>;
};

/**
 * - `applied`: `revision` is the new revision.
 * - `unchanged`: the newest revision, `revision`, has this office already.
 * - `conflict`: another apply came in between and made `revision`; nothing was written.
 * - `has_messages`: `messages` would have no recipient any more (see `HandOver`); nothing was written.
 */
export type Applied =
  | Written
  | { readonly outcome: "conflict"; readonly revision: number; readonly summary: Summary }
  | {
      readonly outcome: "has_messages";
      readonly messages: readonly string[];
      readonly revision: number;
      readonly summary: Summary;
    };

/** The live office is as it was to be. */
export interface Written {
  readonly outcome: "applied" | "unchanged";
  readonly revision: number;
  readonly summary: Summary;
}

/** Rows for each statement. They are bound as one JSON text, far below SQLite's limit of a gigabyte. */
const WRITE_ROWS = 5_000;

interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Applies an office in one transaction. Rejects with `SqlError`; then nothing was written. */
export function applyOffice(database: Database, office: Office, apply: Apply): Promise<Applied> {
  const entities = entitiesByKey(office);
  return database.transaction(async (rollback) => {
    const current = await newestRevision(database);
    if (apply.expectRevision !== undefined && apply.expectRevision !== current) {
      rollback();
      return { outcome: "conflict", revision: current, summary: summarise(() => NOTHING) };
    }
    const inTheWay = apply.handOver === undefined ? [] : await messagesInTheWay(database, apply.handOver);
    if (inTheWay.length > 0) {
      rollback();
      const summary = summarise(() => NOTHING);
      return { outcome: "has_messages", messages: inTheWay, revision: current, summary };
    }
    const tell = progressTeller(entities, apply);
    const differences = new Map<EntityKind, Difference>();
    for (const kind of ENTITY_KINDS) {
      differences.set(kind, await compare(database, kind, current, entities[kind]));
      tell(entities[kind].size);
    }
    const summary = summarise((kind) => differences.get(kind) ?? NOTHING);
    const byCommand = apply.sourceHash === "";
    if (!byCommand) await forgetDrift(database, apply.keeps ?? []);
    if ([...differences.values()].every(isNothing)) {
      return { outcome: "unchanged", revision: current, summary };
    }
    const revision = current + 1;
    await insertRevision(database, revision, apply, summary);
    for (const [kind, difference] of differences) {
      await writeDifference(database, kind, revision, difference, entities[kind], tell);
      if (byCommand) {
        const { added, changed, removed } = difference;
        await rememberDrift(database, kind, revision, [...added, ...changed, ...removed]);
      }
    }
    const removed = (kind: EntityKind) => differences.get(kind)?.removed ?? [];
    await forgetMailboxAccess(database, { users: removed("users"), groups: removed("groups") }, apply.nowMs);
    if (apply.handOver !== undefined)
      await handOverKept(database, apply.handOver, () => RoutingTable.of(office, revision), apply.nowMs);
    return { outcome: "applied", revision, summary };
  });
}

type EntitiesByKey = { readonly [K in EntityKind]: ReadonlyMap<string, unknown> };

function entitiesByKey(office: Office): EntitiesByKey {
  const entities = entitiesOf(office);
  const maps = ENTITY_KINDS.map((kind) => [kind, new Map<string, unknown>(entities[kind])]);
  return Object.fromEntries(maps) as EntitiesByKey;
}

/** Comparing and writing an entity count as equal work; entities that do not differ are not written. */
function progressTeller(entities: EntitiesByKey, { onProgress }: Apply): (more: number) => void {
  const total = 2 * ENTITY_KINDS.reduce((sum, kind) => sum + entities[kind].size, 0);
  let done = 0;
  return (more) => {
    done += more;
    onProgress?.(done, total);
  };
}

const NOTHING: Difference = { added: [], changed: [], removed: [] };

function isNothing({ added, changed, removed }: Difference): boolean {
  return added.length + changed.length + removed.length === 0;
}

async function newestRevision(database: Database): Promise<number> {
  const row = await database.get<{ revision: number | null }>(
    "SELECT max(revision) AS revision FROM revisions",
  );
  return row?.revision ?? 0;
}

/**
 * Compares page by page, so that the stored office is never in memory as a whole beside the new one. Entities are
 * compared as data: encoding a million of them as text to find a single difference would take most of the time.
 */
async function compare(
  database: Database,
  kind: EntityKind,
  revision: number,
  after: ReadonlyMap<string, unknown>,
): Promise<Difference> {
  const added = new Set(after.keys());
  const changed: string[] = [];
  const removed: string[] = [];
  for await (const page of readEntities(database, kind, revision)) {
    for (const { key, value } of page) {
      if (!added.delete(key)) removed.push(key);
      else if (!isSameData(value, after.get(key))) changed.push(key);
    }
  }
  return { added: [...added], changed, removed };
}

function summarise(of: (kind: EntityKind) => Difference): Summary {
  return {
    settings: countsOf(of("settings")),
    carriers: countsOf(of("carriers")),
    users: countsOf(of("users")),
    groups: countsOf(of("groups")),
    flows: countsOf(of("flows")),
    numbers: countsOf(of("numbers")),
    ...sectionSummary(of("sections")),
  };
}

function countsOf({ added, changed, removed }: Difference, section?: string): KindSummary {
  const count = (keys: readonly string[]) =>
    keys.filter((key) => section === undefined || parseSectionKey(key).section === section).length;
  return { added: count(added), changed: count(changed), removed: count(removed) };
}

function sectionSummary(difference: Difference): Pick<Summary, "sections"> {
  const { added, changed, removed } = difference;
  const touched = new Set([...added, ...changed, ...removed].map((key) => parseSectionKey(key).section));
  if (touched.size === 0) return {};
  const sections = [...touched].sort().map((section) => [section, countsOf(difference, section)]);
  return { sections: Object.fromEntries(sections) };
}

async function insertRevision(
  database: Database,
  revision: number,
  { nowMs, author, message, sourceHash }: Apply,
  summary: Summary,
): Promise<void> {
  await database.run(
    `INSERT INTO revisions (revision, applied_ms, author, message, source_hash, summary)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [revision, nowMs, author, message, sourceHash, JSON.stringify(summary)],
  );
}

async function writeDifference(
  database: Database,
  kind: EntityKind,
  revision: number,
  { added, changed, removed }: Difference,
  entities: ReadonlyMap<string, unknown>,
  tell: (more: number) => void,
): Promise<void> {
  const table = tableOf(kind);
  for (const keys of chunks([...changed, ...removed])) {
    await database.run(
      `UPDATE ${table} SET until_revision = ?
       WHERE until_revision IS NULL AND key IN (SELECT value FROM json_each(?))`,
      [revision, JSON.stringify(keys)],
    );
  }
  for (const keys of chunks([...added, ...changed])) {
    const rows = keys.map((key) => [key, encodeBody(kind, entities.get(key))]);
    await database.run(
      `INSERT INTO ${table} (key, from_revision, until_revision, body)
       SELECT value ->> 0, ?, NULL, value ->> 1 FROM json_each(?)`,
      [revision, JSON.stringify(rows)],
    );
    tell(keys.length);
  }
}

function* chunks(keys: readonly string[]): Generator<string[]> {
  for (let start = 0; start < keys.length; start += WRITE_ROWS) yield keys.slice(start, start + WRITE_ROWS);
}
