/**
 * The office in SQLite: every applied revision is kept and can be loaded. Each public method that writes is one
 * transaction; expected failures are values.
 */
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { adminsAmong } from "../policy/change/last-admin.js";
import type { Rename } from "../policy/change/renaming.js";
import type { Vanished, Vanishing } from "../policy/change/vanishing.js";
import { SYSTEM_ADMINS } from "../policy/office/built-in.js";
import {
  countChanges,
  ENTITY_KINDS,
  type EntityChange,
  type EntityKind,
  type EntityTypes,
  NO_CHANGES,
  type OfficeChanges,
  type OfficeSettings,
  officeFrom,
  SETTINGS_KEY,
} from "../policy/office/entities.js";
import type { Office } from "../policy/office/office.js";
import { type RoutingTable, RoutingTableBuilder } from "../policy/routing/table.js";
import { AccountTable } from "./accounts/accounts.js";
import { ApiKeyTable } from "./accounts/api-keys.js";
import { InvitationTable } from "./accounts/invitations.js";
import { AccountMails } from "./accounts/mails.js";
import { NumberProofTable } from "./accounts/number-proofs.js";
import { PasskeyTables } from "./accounts/passkeys.js";
import { SecondFactorTables } from "./accounts/second-factors.js";
import { SessionTables } from "./accounts/sessions.js";
import { SignInFailureTable } from "./accounts/sign-in-failures.js";
import { SignInStepTable } from "./accounts/sign-in-steps.js";
import { type Applied, type Apply, applyOffice } from "./apply.js";
import { AuditTable } from "./audit.js";
import { type BackedUp, copyDatabase, type KeptRecording, markAsCopy, recordingsKept } from "./backup.js";
import { type ByHand, readByHand, removeByHand, writeByHand } from "./by-hand.js";
import { type CarrierAddress, readCarrierAddresses, writeCarrierAddresses } from "./carrier-addresses.js";
import { ClickCallTable } from "./click-calls.js";
import {
  type Credential,
  type CredentialChanges,
  credentialOf,
  credentialsSince,
  removeCredential,
  writeCredentials,
} from "./credentials.js";
import { Database, SqlError } from "./database.js";
import { type DriftEntry, readDrift } from "./drift.js";
import { readFingerprints } from "./fingerprints.js";
import { messagesKept } from "./hand-over.js";
import { IdempotencyTable } from "./idempotency.js";
import type { OwnerKind } from "./kept-access.js";
import { type LiveCallsSaid, readLiveCalls, writeLiveCalls } from "./live-calls.js";
import { livesSince } from "./lives.js";
import { MailboxAccessTables } from "./mailbox-access.js";
import { engineIdentity, type Remembered, readMemory, writeMemory } from "./memory.js";
import { isOfThisSchema, migrate } from "./migrate.js";
import { OutboxStore } from "./outbox.js";
import {
  readByKeys,
  readEntities,
  readKeysLike,
  readKeysWith,
  readRevisionsOf,
  readTouchedKeys,
  type Wanted,
} from "./read.js";
import { RecordStore, RecordTables } from "./records/records.js";
import {
  type NewSetupLink,
  type SetupLink,
  setupLink,
  setupLinks,
  useSetupLink,
  withdraw,
  writeSetupLinks,
} from "./setup-links.js";
import { isEmptyOffice, mailboxesWithMail, toldOfEmergencies } from "./standing.js";
import { renamesBetween, renamesMade } from "./successors.js";
import { holdingsOf } from "./vanishing.js";
import { type NewMessage, VoicemailStore } from "./voicemail.js";
import { WebStandingTable } from "./web-standing.js";
import { WebhookTables } from "./webhooks.js";

/** Why a database cannot be used. `detail` is SQLite's text, for a log. */
export type StoreFailure =
  | { readonly reason: "missing" }
  | { readonly reason: "cannot_open"; readonly detail: string }
  | { readonly reason: "not_a_database" }
  | { readonly reason: "foreign" }
  | { readonly reason: "newer_schema"; readonly schema: number; readonly known: number }
  | { readonly reason: "older_schema"; readonly schema: number; readonly known: number }
  | { readonly reason: "busy" }
  | { readonly reason: "disk_full" }
  | { readonly reason: "damaged"; readonly detail: string };

export type Opened =
  | { readonly ok: true; readonly store: Store }
  | { readonly ok: false; readonly failure: StoreFailure };

export interface OpenOptions {
  /** Do not create the file. */
  readonly mustExist?: boolean;
  /**
   * Check the structure of the whole file first, about a second for a million numbers. `office`: of everything but call
   * records, which may be many times as large, and without which calls are carried all the same.
   */
  readonly checkIntegrity?: boolean | "office";
  /**
   * Commits do not wait for the disk: a power cut may undo the last ones, a kill does not. A write of another connection
   * then never waits for the disk on our account. See {@link Store.makeDurable}.
   */
  readonly isQuick?: boolean;
  /** False: leave the database of an older release as it is, and refuse it; left out: migrate it. */
  readonly mayMigrate?: boolean;
}

/** An applied revision, as `ringline history` shows it. */
export interface RevisionInfo {
  readonly revision: number;
  readonly appliedMs: number;
  readonly author: string;
  readonly message: string;
  readonly sourceHash: string;
  readonly summary: Applied["summary"];
}

/** Which revisions are wanted; what is left out does not matter. */
export interface HistoryWanted {
  /** Those before this one. */
  readonly before?: number;
  readonly author?: string;
  /** Those that changed this entity. */
  readonly of?: { readonly kind: EntityKind; readonly key: string };
}

/** The changes between two revisions, or `too_many`: loading a new table is quicker than patching. */
export type ChangesSince =
  | { readonly outcome: "changes"; readonly revision: number; readonly changes: OfficeChanges }
  | { readonly outcome: "too_many"; readonly revision: number };

/** For more changes than this a new table is loaded in pages, instead of patching all changes in at once. */
export const CHANGES_MAX = 2_000;

/** Opens, checks and migrates a database. */
export async function openStore(path: string, options: OpenOptions = {}): Promise<Opened> {
  let database: Database;
  try {
    if (options.mustExist !== true) createPrivately(path);
    database = await Database.open(path, options.mustExist ?? false);
  } catch (error) {
    return { ok: false, failure: openFailure(error, options.mustExist ?? false) };
  }
  const failure = await prepare(database, options).catch((error: unknown) => useFailure(error));
  if (failure === undefined) return { ok: true, store: new Store(database, path) };
  await database.close().catch(() => undefined);
  return { ok: false, failure };
}

/**
 * Only its owner may read a database, as it contains the phones' digests. SQLite would make the file readable for all;
 * its journals get the permissions of the database (unix_open in os_unix.c).
 */
function createPrivately(path: string): void {
  if (path === ":memory:") return;
  try {
    writeFileSync(path, "", { flag: "wx", mode: PRIVATE_MODE });
  } catch {
    // The file exists, or cannot be made; in the second case SQLite reports why.
  }
}

/** Only the owner reads and writes. */
const PRIVATE_MODE = 0o600;

async function prepare(database: Database, options: OpenOptions): Promise<StoreFailure | undefined> {
  await database.exec(`
    -- Rows refer to their revision: a mistake of ours must not get into the file.
    PRAGMA foreign_keys = ON;
    -- Never run code from the schema of a tampered file.
    PRAGMA trusted_schema = OFF;
  `);
  const migrated = await migrate(database, options.mayMigrate);
  // An empty file, in which no release has made anything yet.
  if (migrated.outcome === "older_schema" && migrated.schema === 0) return { reason: "missing" };
  if (migrated.outcome === "newer_schema" || migrated.outcome === "older_schema") {
    return { reason: migrated.outcome, schema: migrated.schema, known: migrated.known };
  }
  if (migrated.outcome === "foreign") return { reason: "foreign" };
  await database.exec(`
    -- Readers do not wait for writers: the engine reads while an apply commits.
    PRAGMA journal_mode = WAL;
    -- With NORMAL a power cut may undo the last commits in WAL mode. An apply that was reported must stay, and applies
    -- are rare.
    PRAGMA synchronous = ${options.isQuick === true ? "NORMAL" : "FULL"};
    -- No files for sorting and temporary tables.
    PRAGMA temp_store = MEMORY;
  `);
  await database.openReader();
  const { checkIntegrity = false } = options;
  if (checkIntegrity === false) return undefined;
  const detail = await damageIn(database, checkIntegrity);
  return detail === undefined ? undefined : { reason: "damaged", detail };
}

/** What is wrong with the structure of the file; undefined: nothing. */
async function damageIn(database: Database, what: true | "office"): Promise<string | undefined> {
  const checks = what === true ? ["PRAGMA quick_check(1)"] : await checksOfOffice(database);
  for (const check of checks) {
    const [row] = await database.all<{ quick_check: string }>(check);
    if (row?.quick_check !== "ok") return row?.quick_check ?? "no answer";
  }
  return undefined;
}

/** A check for each table that has nothing to do with call records, with its indexes. */
async function checksOfOffice(database: Database): Promise<string[]> {
  const tables = await database.all<{ name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name != 'calls' AND name NOT LIKE 'call\\_%' ESCAPE '\\'`,
  );
  return ["sqlite_schema", ...tables.map(({ name }) => name)].map(
    (name) => `PRAGMA quick_check("${name.replaceAll('"', '""')}")`,
  );
}

function openFailure(error: unknown, mustExist: boolean): StoreFailure {
  if (!(error instanceof SqlError)) throw error;
  if (error.code === "SQLITE_CANTOPEN" && mustExist) return { reason: "missing" };
  return useFailure(error);
}

/** Which expected failure an error is. Other errors are our own mistakes and are thrown on. */
export function useFailure(error: unknown): StoreFailure {
  if (!(error instanceof SqlError)) throw error;
  switch (error.code) {
    case "SQLITE_NOTADB":
      return { reason: "not_a_database" };
    case "SQLITE_CORRUPT":
      return { reason: "damaged", detail: error.message };
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
      return { reason: "busy" };
    case "SQLITE_FULL":
      return { reason: "disk_full" };
    default:
      return { reason: "cannot_open", detail: error.message };
  }
}

/** A failure as a sentence without a full stop. */
export function describeFailure(path: string, failure: StoreFailure): string {
  switch (failure.reason) {
    case "missing":
      return `there is no database ${path}; \`ringline apply\` makes one`;
    case "cannot_open":
      return `the database ${path} cannot be used: ${failure.detail}`;
    case "not_a_database":
      return `${path} is not a database`;
    case "foreign":
      return `${path} is another program's database`;
    case "newer_schema":
      return `the database ${path} was made by a newer Ringline (schema ${failure.schema}, this one knows ${failure.known}); nothing was changed`;
    case "older_schema":
      return `the database ${path} was made by an older Ringline (schema ${failure.schema}, this one knows ${failure.known}); nothing was changed: use the commands of that release until an engine of this one has taken over`;
    case "busy":
      return `the database ${path} is being written by another program; try again`;
    case "disk_full":
      return `the database ${path} cannot be written: the disk is full`;
    case "damaged":
      return `the database ${path} is damaged: ${failure.detail}`;
  }
}

/** An open database of an office. Methods reject with `SqlError` when the file fails under them. */
export class Store {
  readonly #database: Database;
  readonly path: string;
  /** Messages, which are not part of the revisions. */
  readonly voicemail: VoicemailStore;
  readonly mailboxAccess: MailboxAccessTables;
  readonly outbox: OutboxStore;
  /** The calls that are kept. */
  readonly records: RecordStore;
  readonly webhooks: WebhookTables;
  readonly audit: AuditTable;
  readonly webStanding: WebStandingTable;
  readonly idempotency: IdempotencyTable;
  readonly accounts: AccountTable;
  readonly invitations: InvitationTable;
  /** Mails to people that wait. */
  readonly accountMails: AccountMails;
  readonly sessions: SessionTables;
  readonly numberProofs: NumberProofTable;
  readonly clickCalls: ClickCallTable;
  readonly passkeys: PasskeyTables;
  readonly apiKeys: ApiKeyTable;
  readonly signInFailures: SignInFailureTable;
  readonly signInSteps: SignInStepTable;
  readonly secondFactors: SecondFactorTables;
  readonly recordTables: RecordTables;
  /** The last answer of {@link currentRevision}, with SQLite's counter of commits by other connections at that time. */
  #seen: { readonly dataVersion: number; readonly revision: number } | undefined;

  constructor(database: Database, path: string) {
    this.#database = database;
    this.path = path;
    this.voicemail = new VoicemailStore(database);
    this.mailboxAccess = new MailboxAccessTables(database);
    this.outbox = new OutboxStore(database);
    this.records = new RecordStore(database);
    this.webhooks = new WebhookTables(database);
    this.audit = new AuditTable(database);
    this.webStanding = new WebStandingTable(database);
    this.idempotency = new IdempotencyTable(database);
    this.accounts = new AccountTable(database);
    this.invitations = new InvitationTable(database);
    this.accountMails = new AccountMails(database);
    this.sessions = new SessionTables(database);
    this.numberProofs = new NumberProofTable(database);
    this.clickCalls = new ClickCallTable(database);
    this.passkeys = new PasskeyTables(database);
    this.apiKeys = new ApiKeyTable(database);
    this.signInFailures = new SignInFailureTable(database);
    this.signInSteps = new SignInStepTable(database);
    this.secondFactors = new SecondFactorTables(database);
    this.recordTables = new RecordTables(database);
  }

  /** Whether the database still has this program's schema; false: another release has migrated it since it was opened. */
  isOfThisSchema(): Promise<boolean> {
    return isOfThisSchema(this.#database);
  }

  /** Makes an office the newest revision, all or nothing. */
  async applyOffice(office: Office, apply: Apply): Promise<Applied> {
    const applied = await applyOffice(this.#database, office, apply);
    this.#seen = undefined;
    return applied;
  }

  /** Counts the writes by this store; see {@link Database.writes}. */
  get writes(): number {
    return this.#database.writes;
  }

  /** The newest revision, 0 before the first. Cheap enough to ask several times a second. */
  async currentRevision(): Promise<number> {
    const version = await this.#database.get<{ data_version: number }>("PRAGMA data_version");
    const dataVersion = version?.data_version ?? 0;
    if (this.#seen?.dataVersion === dataVersion) return this.#seen.revision;
    const row = await this.#database.get<{ revision: number | null }>(
      "SELECT max(revision) AS revision FROM revisions",
    );
    this.#seen = { dataVersion, revision: row?.revision ?? 0 };
    return this.#seen.revision;
  }

  /** Whether a revision exists; 0, the empty office, always does. */
  async hasRevision(revision: number): Promise<boolean> {
    if (revision === 0) return true;
    const row = await this.#database.get("SELECT 1 FROM revisions WHERE revision = ?", [revision]);
    return row !== undefined;
  }

  /** The routing table of a revision (the newest unless given), loaded in short pieces. */
  async loadTable(revision?: number): Promise<RoutingTable> {
    const wanted = revision ?? (await this.currentRevision());
    const builder = new RoutingTableBuilder();
    for (const kind of ENTITY_KINDS) {
      for await (const page of readEntities(this.#database, kind, wanted)) {
        builder.add({ [kind]: page } as Partial<OfficeChanges>);
      }
    }
    return builder.finish(wanted);
  }

  /** The changes from a revision to the newest, ready for {@link RoutingTable.next}. */
  async changesSince(revision: number): Promise<ChangesSince> {
    const newest = await this.currentRevision();
    // Revisions go back only when another database was put in place: reload everything.
    if (newest < revision) return { outcome: "too_many", revision: newest };
    return this.changesBetween(revision, newest);
  }

  /**
   * What differs between two revisions, as it is in the second, which may be the earlier of them. Ready for
   * {@link RoutingTable.next} or {@link RoutingTable.earlier}.
   */
  async changesBetween(from: number, to: number): Promise<ChangesSince> {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    let changes: OfficeChanges = NO_CHANGES;
    for (const kind of ENTITY_KINDS) {
      const room = CHANGES_MAX - countChanges(changes);
      const keys = await readTouchedKeys(this.#database, kind, first, last, room + 1);
      if (keys.length > room) return { outcome: "too_many", revision: to };
      changes = { ...changes, [kind]: await this.#changesOf(kind, to, keys) };
    }
    return { outcome: "changes", revision: to, changes };
  }

  /** Whether nobody is in the newest revision: no user, no group, no number. */
  isEmptyOffice(): Promise<boolean> {
    return isEmptyOffice(this.#database);
  }

  /** Takes the lock that every write needs, and lets it go. Rejects when another program keeps it. */
  tryToWrite(): Promise<void> {
    return this.#database.transaction(async (rollback) => rollback());
  }

  /** How many users and addresses the newest revision names to be told of calls for help. */
  toldOfEmergencies(): Promise<number> {
    return toldOfEmergencies(this.#database);
  }

  /** How many mailboxes of the newest revision ask for mails and have a member with an address. */
  mailboxesWithMail(): Promise<number> {
    return mailboxesWithMail(this.#database);
  }

  /** The whole office of a revision; undefined: there is no such revision, or it is 0. */
  async loadOffice(revision?: number): Promise<Office | undefined> {
    const wanted = revision ?? (await this.currentRevision());
    const read = async <K extends EntityKind>(kind: K) =>
      (await this.#entities(kind, wanted)).map(({ key, value }) => [key, value] as const);
    const settings = await read("settings");
    if (settings.length === 0 || !(await this.hasRevision(wanted))) return undefined;
    return officeFrom({
      settings,
      carriers: await read("carriers"),
      users: await read("users"),
      groups: await read("groups"),
      flows: await read("flows"),
      numbers: await read("numbers"),
      sections: await read("sections"),
    });
  }

  /** Single entities of a revision; keys that it does not have are left out. */
  entities<K extends EntityKind>(
    kind: K,
    revision: number,
    keys: readonly string[],
  ): Promise<Map<string, EntityTypes[K]>> {
    return readByKeys(this.#database, kind, revision, keys);
  }

  /** All entities of a kind of which an office has few. */
  async allEntities<K extends "settings" | "carriers" | "sections">(
    kind: K,
    revision: number,
  ): Promise<Map<string, EntityTypes[K]>> {
    return new Map((await this.#entities(kind, revision)).map(({ key, value }) => [key, value]));
  }

  /** Keys of current entities whose stored text has any of these texts in it. */
  keysWith(kind: EntityKind, wanted: Wanted): Promise<string[]> {
    return readKeysWith(this.#database, kind, wanted);
  }

  /** Keys of current entities that match a pattern of SQLite's GLOB, `limit` at most. */
  keysLike(kind: EntityKind, pattern: string, limit: number): Promise<string[]> {
    return readKeysLike(this.#database, kind, pattern, limit);
  }

  /** Whether a part of this revision can be changed without the rest of it; see `Apply.partBefore`. */
  async canChangePart(revision: number): Promise<boolean> {
    return (await readFingerprints(this.#database, revision)) !== undefined;
  }

  /** Since when the present owner of each name has it; see `lives.ts`. */
  livesSince(kind: OwnerKind, keys: readonly string[]): Promise<Map<string, number>> {
    return livesSince(this.#database, kind, keys);
  }

  /** The settings of the newest revision; undefined: nothing was applied yet. */
  async settings(): Promise<OfficeSettings | undefined> {
    const found = await readByKeys(this.#database, "settings", await this.currentRevision(), [SETTINGS_KEY]);
    return found.get(SETTINGS_KEY);
  }

  /** Applied revisions, the newest first. @param wanted left out: all */
  async history(limit: number, wanted: HistoryWanted = {}): Promise<RevisionInfo[]> {
    const { before = Number.MAX_SAFE_INTEGER, author, of } = wanted;
    const ofEntity = of && (await readRevisionsOf(this.#database, of.kind, of.key, { before, limit }));
    const rows = await this.#database.all<Omit<RevisionInfo, "summary"> & { summary: string }>(
      `SELECT revision, applied_ms AS appliedMs, author, message, source_hash AS sourceHash, summary
       FROM revisions WHERE revision < ?1 AND (?2 IS NULL OR author = ?2)
         AND (?3 IS NULL OR revision IN (SELECT value FROM json_each(?3)))
       ORDER BY revision DESC LIMIT ?4`,
      [before, author ?? null, ofEntity === undefined ? null : JSON.stringify(ofEntity), limit],
    );
    return rows.map((row) => ({ ...row, summary: JSON.parse(row.summary) }));
  }

  /** Writes a consistent copy to a file, while others read and write; see `backup.ts`. */
  backup(path: string, replace = false, unwritten: readonly NewMessage[] = []): Promise<BackedUp> {
    return copyDatabase(this.#database, path, replace, unwritten);
  }

  /** Marks this database as a copy of another; see `backup.ts`. */
  markAsCopy(): Promise<void> {
    return markAsCopy(this.#database);
  }

  /** The sound files that this database has rows for. */
  recordingsKept(): Promise<KeptRecording[]> {
    return recordingsKept(this.#database);
  }

  /** Ids of the messages that the removal of a mailbox would lose; see `HandOver`. */
  messagesKept(box: string): Promise<string[]> {
    return messagesKept(this.#database, box);
  }

  /** The entities that were last changed by command, in the order of the changes. */
  drift(): Promise<DriftEntry[]> {
    return readDrift(this.#database);
  }

  /** What was renamed behind a revision, up to another, all at once from the first id to the last. */
  async renamesBetween(after: number, upTo?: number): Promise<Rename[]> {
    return renamesBetween(this.#database, after, upTo);
  }

  /** Every rename there has been, as it was made. */
  renamesMade(): Promise<Rename[]> {
    return renamesMade(this.#database);
  }

  /** The usernames of the System Admins of a revision who are not suspended. */
  async systemAdmins(revision: number): Promise<string[]> {
    const groups = await readByKeys(this.#database, "groups", revision, [SYSTEM_ADMINS]);
    const group = groups.get(SYSTEM_ADMINS);
    const names = group?.members.map(({ username }) => username) ?? [];
    return adminsAmong(group, (await readByKeys(this.#database, "users", revision, names)).values());
  }

  /** What is kept about everything that vanishes; see `vanishing.ts`. */
  holdingsOf(vanishing: Vanishing, calls: ReadonlyMap<string, number>): Promise<Vanished[]> {
    return holdingsOf(this.#database, vanishing, calls);
  }

  /** What later calls need of earlier ones; see `memory.ts`. */
  readMemory(): Promise<Remembered[]> {
    return readMemory(this.#database);
  }

  /** What DNS has named for the hosts of carriers; see `carrier-addresses.ts`. */
  readCarrierAddresses(): Promise<CarrierAddress[]> {
    return readCarrierAddresses(this.#database);
  }

  /** Replaces all that is kept of these hosts. */
  writeCarrierAddresses(hosts: readonly string[], all: readonly CarrierAddress[]): Promise<void> {
    return writeCarrierAddresses(this.#database, hosts, all);
  }

  /** The id under which this database's engine claims calls; the first time it is `fresh`. */
  engineIdentity(fresh: string): Promise<string> {
    return engineIdentity(this.#database, fresh);
  }

  /** If one is told twice, the last counts. */
  remember(...all: readonly Remembered[]): Promise<void> {
    return writeMemory(this.#database, all);
  }

  /** Everything that is set by hand, also what has run out. */
  readByHand(): Promise<ByHand[]> {
    return readByHand(this.#database);
  }

  /** Sets something by hand, in the place of what was set before. */
  writeByHand(set: ByHand): Promise<void> {
    return writeByHand(this.#database, set);
  }

  /** Takes back what was set by hand. False: nothing was. */
  removeByHand(kind: string, id: string): Promise<boolean> {
    return removeByHand(this.#database, kind, id);
  }

  /** Writes an engine's numbers of calls, in place of its earlier ones. */
  writeLiveCalls(said: LiveCallsSaid): Promise<void> {
    return writeLiveCalls(this.#database, said);
  }

  /** The last numbers of calls of every engine. */
  readLiveCalls(): Promise<LiveCallsSaid[]> {
    return readLiveCalls(this.#database);
  }

  /** Writes credentials. A database file made by an older version is first made private to its owner. */
  writeCredentials(credentials: readonly Credential[]): Promise<void> {
    if ((statSync(this.path).mode & 0o077) !== 0) chmodSync(this.path, PRIVATE_MODE);
    return writeCredentials(this.#database, credentials);
  }

  /** Removes a phone's credential; false: it had none. */
  removeCredential(sipName: string, by: { author: string; nowMs: number }): Promise<boolean> {
    return removeCredential(this.#database, sipName, by);
  }

  credentialOf(sipName: string): Promise<Credential | undefined> {
    return credentialOf(this.#database, sipName);
  }

  /** Writes links for phones, in place of those that wait for their use. */
  writeSetupLinks(links: readonly NewSetupLink[]): Promise<void> {
    return writeSetupLinks(this.#database, links);
  }

  /** The link with this digest of its token. */
  setupLink(tokenHash: string): Promise<SetupLink | undefined> {
    return setupLink(this.#database, tokenHash);
  }

  /** All links that are kept, the newest first. */
  setupLinks(): Promise<SetupLink[]> {
    return setupLinks(this.#database);
  }

  /** Ends a phone's link that waits for its use; false: there was none. */
  withdrawSetupLink(sipName: string, nowMs: number): Promise<boolean> {
    return withdraw(this.#database, sipName, nowMs);
  }

  /** Uses a link and writes its phone's credential, both or neither; see `useSetupLink`. */
  useSetupLink(
    tokenHash: string,
    use: { readonly nowMs: number; readonly from: string },
    credential: Credential,
  ): Promise<boolean> {
    return useSetupLink(this.#database, tokenHash, use, credential);
  }

  /** The changes of credentials since a serial, 0 for all; see `credentialsSince`. */
  credentialsSince(serial: number): Promise<CredentialChanges> {
    return credentialsSince(this.#database, serial);
  }

  /** All that was committed so far survives a power cut. Only after commits that did not wait for the disk. */
  async makeDurable(): Promise<void> {
    if (this.path === ":memory:") return;
    try {
      const wal = await open(`${this.path}-wal`, "r");
      try {
        await wal.datasync();
      } finally {
        await wal.close();
      }
    } catch (error) {
      // Without a WAL everything is in the database itself.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #changesOf<K extends EntityKind>(
    kind: K,
    revision: number,
    keys: readonly string[],
  ): Promise<EntityChange<K>[]> {
    if (keys.length === 0) return [];
    const values = await readByKeys(this.#database, kind, revision, keys);
    return keys.map((key) => ({ key, value: values.get(key) }));
  }

  async #entities<K extends EntityKind>(kind: K, revision: number) {
    const all = [];
    for await (const page of readEntities(this.#database, kind, revision)) all.push(...page);
    return all;
  }
}
