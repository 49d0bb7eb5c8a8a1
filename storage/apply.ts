/**
 * Writes an office as a new revision: compares it with the newest revision and writes only what differs. Comparing and
 * encoding take most of the time of a large apply and happen before the transaction, so that other processes, above all
 * a running engine, wait for its write lock as briefly as can be.
 */

import type { DriftCause, DriftField } from "../policy/change/drift.js";
import { driftRenamed } from "../policy/change/id-drift.js";
import { type Rename, withRenames } from "../policy/change/renaming.js";
import { type RemovalRefusal, type Removing, refusalsOf } from "../policy/change/vanishing.js";
import {
  ENTITY_KINDS,
  type EntityKind,
  type EntityTypes,
  entitiesOf,
  parseSectionKey,
  sectionsOf,
} from "../policy/office/entities.js";
import type { Office, User } from "../policy/office/office.js";
import { RoutingTable } from "../policy/routing/table.js";
import { removeAccounts } from "./accounts/removal.js";
import { endSessionsOfSuspended } from "./accounts/sessions.js";
import {
  type Compared,
  compareOffice,
  comparePart,
  countEntities,
  type Difference,
  NOTHING,
} from "./compare.js";
import type { Database } from "./database.js";
import { type DriftAfter, driftAfterChanges, readDrift, replaceDrift, writeDriftAfter } from "./drift.js";
import { encodeBody, tableOf } from "./entities.js";
import { writeFingerprints } from "./fingerprints.js";
import { type HandOver, handOverKept, messagesInTheWay } from "./hand-over.js";
import {
  bringBackMailboxAccess,
  keepMailboxAccess,
  OWNER_KINDS,
  type OwnerKind,
  type Returning,
  returningTo,
} from "./kept-access.js";
import { readByKeys } from "./read.js";
import { moveRenamed } from "./renames.js";
import { auditRevision, type ChangeOrigin } from "./revision-audit.js";
import { rememberSuccessors } from "./successors.js";
import { countOf, holdingsOf, vanishingIn } from "./vanishing.js";

/** How an office is applied. */
export interface Apply {
  /** The system's name of the person who applies it. */
  readonly author: string;
  /** Why. */
  readonly message: string;
  /**
   * SHA-256 of the files, hexadecimal; empty: a command made the change. Then the fields that change count as changed
   * by command (drift) until the files say the same or are told to overwrite them.
   */
  readonly sourceHash: string;
  /** With files: fields that stay as they are live. All other fields count as the files' again. */
  readonly keeps?: readonly DriftField[];
  /** Users and groups that this revision removes; what is kept about them outside of revisions is handed over with it. */
  readonly handOvers?: readonly HandOver[];
  /** What this revision renames, all at once; what is kept under the old ids goes with it. */
  readonly renames?: readonly Rename[];
  /** Refuse to remove what is not to be lost, unless it is named here; left out: remove whatever the office lacks. */
  readonly removing?: Removing;
  /** The office is that of this earlier revision: users and groups that come back have their PINs and greetings again. */
  readonly rollsBackTo?: number;
  /** The office takes this revision back: users and groups that come back have their PINs and greetings again. */
  readonly undoes?: number;
  /** Refuse unless this is the newest revision. */
  readonly expectRevision?: number;
  /** By a command: the office is only a part of the newest revision, which has that part so. No entity comes or goes. */
  readonly partBefore?: Office;
  /** Who asked for it by the API; left out: a command on the machine, or files. */
  readonly origin?: ChangeOrigin;
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
 * - `would_lose`: more would be removed than `Apply.removing` allows; nothing was written.
 */
export type Applied =
  | Written
  | { readonly outcome: "conflict"; readonly revision: number; readonly summary: Summary }
  | {
      readonly outcome: "has_messages";
      readonly messages: readonly string[];
      readonly revision: number;
      readonly summary: Summary;
    }
  | WouldLose;

/** What is refused of an apply that would lose more than it was allowed to; nothing was written. */
export interface WouldLose {
  readonly outcome: "would_lose";
  readonly refusals: readonly RemovalRefusal[];
  readonly revision: number;
  readonly summary: Summary;
}

/** The live office is as it was to be. */
export interface Written {
  readonly outcome: "applied" | "unchanged";
  readonly revision: number;
  readonly summary: Summary;
}

/** Rows for each statement. They are bound as one JSON text, far below SQLite's limit of a gigabyte. */
const WRITE_ROWS = 5_000;

/** After so many comparisons in vain the next one holds the lock: others write all the time. */
const COMPARISONS_MAX = 3;

/** Another revision was written while the office was compared; nothing was written. */
const MOVED = "moved";

/** Applies an office in one transaction. Rejects with `SqlError`; then nothing was written. */
export async function applyOffice(database: Database, office: Office, apply: Apply): Promise<Applied> {
  const prepare = () => compare(database, office, apply);
  for (let tries = 0; tries < COMPARISONS_MAX; tries += 1) {
    const ready = await prepare();
    const written = await database.transaction((rollback) => write(database, office, apply, ready, rollback));
    if (written !== MOVED) return written;
  }
  return database.transaction(async (rollback) => {
    const written = await write(database, office, apply, await prepare(), rollback);
    if (written === MOVED)
      throw new Error("another revision was written although this process holds the lock");
    return written;
  });
}

/** A comparison, and the rows that it makes. */
interface Ready {
  readonly compared: Compared;
  readonly writes: readonly KindWrites[];
  /** What drifts after it, by a command that renames nothing; else empty. */
  readonly drift: readonly DriftAfter[];
  readonly tell: (more: number) => void;
}

/** Compares with the newest revision, unless the apply is for another one. */
async function compare(database: Database, office: Office, apply: Apply): Promise<Ready> {
  const revision = await newestRevision(database);
  const tell = progressTeller(office, apply);
  if (apply.expectRevision !== undefined && apply.expectRevision !== revision)
    return {
      compared: { revision, differences: new Map(), ranges: new Map(), wasWithout: false },
      writes: [],
      drift: [],
      tell,
    };
  const part =
    apply.partBefore === undefined
      ? undefined
      : await comparePart(database, apply.partBefore, office, revision);
  if (apply.partBefore !== undefined && part === undefined)
    throw new Error("a part of an office is applied to a revision without fingerprints");
  const compared =
    part ?? (await compareOffice(database, office, { revision, withBefore: isByCommand(apply) }, tell));
  const writes = [...compared.differences].map(([kind, difference]) => writesOf(kind, difference));
  const isSimple = isByCommand(apply) && (apply.renames ?? []).length === 0;
  const drift = isSimple
    ? await driftsAfter(database, compared, causeOf(apply, revision + 1), storedBefore(compared))
    : [];
  return { compared, writes, drift, tell };
}

async function write(
  database: Database,
  office: Office,
  apply: Apply,
  { compared, writes, drift, tell }: Ready,
  rollback: () => void,
): Promise<Applied | typeof MOVED> {
  const current = await newestRevision(database);
  if (apply.expectRevision !== undefined && apply.expectRevision !== current) {
    rollback();
    return { outcome: "conflict", revision: current, summary: NO_SUMMARY };
  }
  if (current !== compared.revision) {
    rollback();
    return MOVED;
  }
  const refused = await refusal(database, apply, compared);
  if (refused !== undefined) {
    rollback();
    return { ...refused, revision: current, summary: NO_SUMMARY };
  }
  const { differences, ranges, wasWithout } = compared;
  const summary = withRenamed(
    summarise((kind) => differences.get(kind) ?? NOTHING),
    compared,
    apply.renames ?? [],
  );
  const isSame = [...differences.values()].every(isNothing);
  const revision = isSame ? current : current + 1;
  if (isSame) {
    if (!isByCommand(apply)) await replaceDrift(database, apply.keeps ?? [], revision);
    if (wasWithout && current > 0) await writeFingerprints(database, current, ranges, true);
    return { outcome: "unchanged", revision, summary };
  }
  await insertRevision(database, revision, apply, summary);
  await auditRevision(database, compared, { ...apply, revision, summary });
  for (const each of writes) await writeKind(database, revision, each, tell);
  if (isByCommand(apply)) {
    const drifts =
      drift.length > 0 ? drift : await driftsRenamed(database, office, compared, apply, revision);
    for (const each of drifts) await writeDriftAfter(database, each);
  } else await replaceDrift(database, apply.keeps ?? [], revision);
  await writeFingerprints(database, revision, ranges, wasWithout);
  await changeOwners(database, office, apply, compared);
  await handOverAll(database, office, apply, revision);
  return { outcome: "applied", revision, summary };
}

/** Why the office must not be written, though it is the newest revision's successor. */
async function refusal(
  database: Database,
  { handOvers = [], renames = [], removing }: Apply,
  compared: Compared,
): Promise<
  Pick<WouldLose, "outcome" | "refusals"> | { outcome: "has_messages"; messages: string[] } | undefined
> {
  const messages: string[] = [];
  for (const handOver of handOvers) messages.push(...(await messagesInTheWay(database, handOver)));
  if (messages.length > 0) return { outcome: "has_messages", messages };
  if (removing === undefined) return undefined;
  const vanishing = await vanishingIn(database, compared, renames);
  const refusals = refusalsOf(vanishing, await holdingsOf(database, vanishing, removing.calls), removing, {
    handedOver: handOvers.map(({ kind, from }) => `${kind}:${from}`),
    // Counting takes time in a large office, and few applies remove anything.
    users: vanishing.users.length === 0 ? 0 : await countOf(database, "users"),
    numbers: vanishing.numbers.length === 0 ? 0 : await countOf(database, "numbers"),
  });
  return refusals.length === 0 ? undefined : { outcome: "would_lose", refusals };
}

function isByCommand({ sourceHash }: Apply): boolean {
  return sourceHash === "";
}

function causeOf({ author, message, nowMs }: Apply, revision: number) {
  return { revision, author, message, appliedMs: nowMs };
}

type Before = (kind: EntityKind) => ReadonlyMap<string, unknown>;

/** The entities that differ, as they are stored. */
function storedBefore({ differences }: Compared): Before {
  return (kind) => (differences.get(kind) ?? NOTHING).before;
}

/** What drifts after the command, of each kind in which anything differs. */
async function driftsAfter(
  database: Database,
  { differences }: Compared,
  cause: ReturnType<typeof causeOf>,
  before: Before,
): Promise<DriftAfter[]> {
  const drifts: DriftAfter[] = [];
  for (const kind of ENTITY_KINDS) {
    const { added, changed } = differences.get(kind) ?? NOTHING;
    const after = new Map([...added, ...changed]);
    const was = before(kind);
    const keys = [...new Set([...after.keys(), ...was.keys()])];
    const changes = keys.map((key) => ({ key, before: was.get(key), after: after.get(key) }));
    if (changes.length > 0) drifts.push(await driftAfterChanges(database, kind, changes, cause));
  }
  return drifts;
}

/** The same for a change that renames, which moves what drifted before. */
async function driftsRenamed(
  database: Database,
  office: Office,
  compared: Compared,
  apply: Apply,
  revision: number,
): Promise<DriftAfter[]> {
  const cause = causeOf(apply, revision);
  const before = await beforeRenamed(database, office, compared, apply.renames ?? [], cause);
  return driftsAfter(database, compared, cause, before);
}

/**
 * The entities that differ as they were before, under the ids that they have now: what is renamed drifts in its id alone,
 * and what refers to it does not drift at all.
 */
async function beforeRenamed(
  database: Database,
  office: Office,
  compared: Compared,
  renames: readonly Rename[],
  cause: DriftCause & { readonly revision: number },
): Promise<Before> {
  const { revision } = compared;
  const stored = storedBefore(compared);
  if (renames.length === 0) return stored;
  const before: Office = {
    ...office,
    carriers: [],
    users: valuesOf("users", stored("users")),
    groups: valuesOf("groups", stored("groups")),
    flows: Object.fromEntries(stored("flows") as ReadonlyMap<string, EntityTypes["flows"]>),
    numbers: valuesOf("numbers", stored("numbers")),
    sections: sectionsOf(stored("sections") as ReadonlyMap<string, EntityTypes["sections"]>).sections ?? {},
  };
  const idsOfKind = (kind: Rename["kind"]) =>
    renames.flatMap((each) => (each.kind === kind ? [each.to] : []));
  const groups = await readByKeys(database, "groups", revision, idsOfKind("group"));
  const flows = await readByKeys(database, "flows", revision, idsOfKind("flow"));
  // Something that had a new id may differ in nothing.
  const named: Office = {
    ...before,
    groups: [...before.groups, ...groups.values()],
    flows: { ...before.flows, ...Object.fromEntries(flows) },
  };
  const drift = driftRenamed(await readDrift(database), named, renames, cause);
  await replaceDrift(database, drift.rows, cause.revision);
  const entities = entitiesOf(withRenames(before, drift.renames));
  return (kind) =>
    kind === "settings" || kind === "carriers" ? stored(kind) : new Map<string, unknown>(entities[kind]);
}

/** Entities as they are stored; what is stored of a kind has the type of that kind. */
function valuesOf<K extends EntityKind>(_kind: K, stored: ReadonlyMap<string, unknown>): EntityTypes[K][] {
  return [...stored.values()] as EntityTypes[K][];
}

/** Hands over what removed users and groups leave, and remembers who has what now. */
async function handOverAll(
  database: Database,
  office: Office,
  { handOvers = [], renames = [], nowMs }: Apply,
  revision: number,
): Promise<void> {
  await rememberSuccessors(database, revision, renames, handOvers);
  if (handOvers.length === 0) return;
  const table = RoutingTable.of(office, revision);
  for (const handOver of handOvers) await handOverKept(database, handOver, () => table, nowMs);
}

/**
 * PINs and greetings go with their owners, and come back with them; accounts go, and do not come back. What is renamed keeps
 * them; whoever has the id that it gets, which happens in a rollback only, loses them.
 */
async function changeOwners(
  database: Database,
  office: Office,
  { rollsBackTo, undoes, renames = [], nowMs }: Apply,
  { differences, revision: current }: Compared,
): Promise<void> {
  const groups = renames.filter(({ kind }) => kind === "group");
  const returning = new Map<OwnerKind, readonly Returning[]>();
  for (const kind of OWNER_KINDS) {
    const before = new Map(kind === "groups" ? groups.map(({ from, to }) => [to, from] as const) : []);
    const to = undoes === undefined ? rollsBackTo : undoes - 1;
    // Whoever has a name by a later revision than the one that is undone is somebody else.
    const names = undoes === undefined ? namesOf(office, kind) : (differences.get(kind)?.added.keys() ?? []);
    const lastNames = new Set([...names].map((name) => before.get(name) ?? name));
    const back = to === undefined ? [] : await returningTo(database, kind, lastNames, to, current);
    const moving = kind === "groups" ? groups.map(({ from }) => from) : [];
    const losing = back.filter(({ isTaken }) => isTaken).map(({ key }) => key);
    const removed = (differences.get(kind)?.removed ?? []).filter((key) => !moving.includes(key));
    const lost = [...removed, ...losing, ...[...before.keys()].filter((key) => !moving.includes(key))];
    await keepMailboxAccess(database, kind, lost, current + 1, nowMs);
    if (kind === "users") {
      await removeAccounts(database, lost);
      await endSessionsOfSuspended(database, suspendedIn(differences.get(kind)));
    }
    returning.set(kind, back);
  }
  for (const [kind, back] of returning) await bringBackMailboxAccess(database, kind, back, current + 1);
  await moveRenamed(database, renames);
}

/** The users who have changed and are suspended now. */
function suspendedIn({ changed }: Difference = NOTHING): string[] {
  return [...changed].flatMap(([username, user]) => ((user as User).suspended === true ? [username] : []));
}

function namesOf(office: Office, kind: OwnerKind): ReadonlySet<string> {
  return new Set(
    kind === "users" ? office.users.map(({ username }) => username) : office.groups.map(({ id }) => id),
  );
}

/** Comparing and writing an entity count as equal work; entities that do not differ are not written. */
function progressTeller(office: Office, { onProgress }: Apply): (more: number) => void {
  if (onProgress === undefined) return () => {};
  const total = 2 * countEntities(office);
  let done = 0;
  return (more) => {
    done += more;
    onProgress(done, total);
  };
}

function isNothing({ added, changed, removed }: Difference): boolean {
  return added.size + changed.size + removed.length === 0;
}

async function newestRevision(database: Database): Promise<number> {
  const row = await database.get<{ revision: number | null }>(
    "SELECT max(revision) AS revision FROM revisions",
  );
  return row?.revision ?? 0;
}

/** Nothing changed. */
export const NO_SUMMARY: Summary = summarise(() => NOTHING);

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

/** What is renamed was changed, and neither added nor removed. */
function withRenamed(summary: Summary, { differences }: Compared, renames: readonly Rename[]): Summary {
  const of = (kind: "groups" | "flows", noun: Rename["kind"]): KindSummary => {
    const { added, removed } = differences.get(kind) ?? NOTHING;
    const renamed = renames.filter(
      ({ kind: each, from, to }) => each === noun && removed.includes(from) && added.has(to),
    ).length;
    const counts = summary[kind];
    return {
      added: counts.added - renamed,
      changed: counts.changed + renamed,
      removed: counts.removed - renamed,
    };
  };
  return { ...summary, groups: of("groups", "group"), flows: of("flows", "flow") };
}

function countsOf({ added, changed, removed }: Difference, section?: string): KindSummary {
  const count = (keys: Iterable<string>) =>
    [...keys].filter((key) => section === undefined || parseSectionKey(key).section === section).length;
  return { added: count(added.keys()), changed: count(changed.keys()), removed: count(removed) };
}

function sectionSummary(difference: Difference): Pick<Summary, "sections"> {
  const { added, changed, removed } = difference;
  const keys = [...added.keys(), ...changed.keys(), ...removed];
  const touched = new Set(keys.map((key) => parseSectionKey(key).section));
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

/** What is written of a kind; `rows` are lists of [key, body] as JSON. */
interface KindWrites {
  readonly kind: EntityKind;
  /** Keys whose current rows end. */
  readonly ended: readonly string[];
  readonly rows: ReadonlyArray<{ readonly json: string; readonly count: number }>;
}

function writesOf(kind: EntityKind, { added, changed, removed }: Difference): KindWrites {
  const rows = [...chunks([...added, ...changed])].map((entries) => ({
    json: JSON.stringify(entries.map(([key, value]) => [key, encodeBody(kind, value)])),
    count: entries.length,
  }));
  return { kind, ended: [...changed.keys(), ...removed], rows };
}

async function writeKind(
  database: Database,
  revision: number,
  { kind, ended, rows }: KindWrites,
  tell: (more: number) => void,
): Promise<void> {
  const table = tableOf(kind);
  for (const keys of chunks(ended)) {
    await database.run(
      `UPDATE ${table} SET until_revision = ?
       WHERE until_revision IS NULL AND key IN (SELECT value FROM json_each(?))`,
      [revision, JSON.stringify(keys)],
    );
  }
  for (const { json, count } of rows) {
    await database.run(
      `INSERT INTO ${table} (key, from_revision, until_revision, body)
       SELECT value ->> 0, ?, NULL, value ->> 1 FROM json_each(?)`,
      [revision, json],
    );
    tell(count);
  }
}

function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += WRITE_ROWS) yield all.slice(start, start + WRITE_ROWS);
}
