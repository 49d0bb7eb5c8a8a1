/**
 * Puts a backup in the place of a database that is lost or spoilt. It is checked first, marked as a copy, and put in
 * place in one step while no engine runs; the database before it stays beside it, as do recordings that the backup does
 * not have.
 */
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { given } from "../../policy/office/optional.js";
import { JOURNALS, type KeptRecording, putInPlace } from "../../storage/backup.js";
import { Database, SqlError } from "../../storage/database.js";
import { openStore, type StoreFailure } from "../../storage/store.js";
import {
  copyIfThere,
  DATABASE,
  hashOf,
  isOfTheSystem,
  isThere,
  RECORDINGS,
  readManifest,
  recordingFile,
  sync,
} from "./files.js";

export interface Restore {
  /** A folder or a file that `backUp` has made, or another copy of a database. */
  readonly backup: string;
  /** Where the database goes. */
  readonly db: string;
  /** Where recordings go; left out: only the database is put back. */
  readonly recordings?: string;
  /** The database that is there is put aside. */
  readonly replace: boolean;
  readonly nowMs: number;
}

export type Restored =
  | {
      readonly outcome: "restored";
      readonly revision: number;
      /** When the backup was made; left out: it does not say. */
      readonly made?: string;
      /** Where the database is that was there before; left out: there was none. */
      readonly before?: string;
      readonly recordings: RecordingsRestored;
    }
  /** Nothing was changed. */
  | { readonly outcome: "no_backup" }
  /** The backup has recordings, and nobody has said where they go. */
  | { readonly outcome: "where_to_recordings" }
  | { readonly outcome: "exists" }
  | { readonly outcome: "in_use" }
  | { readonly outcome: "unusable"; readonly failure: StoreFailure }
  | { readonly outcome: "failed"; readonly detail: string };

export interface RecordingsRestored {
  /** How many were put back. */
  readonly back: number;
  /** How many were there already. */
  readonly there: number;
  /** Ids of those that are neither in the backup nor in the folder. */
  readonly missing: readonly string[];
  /** Ids of those whose file differs from what was delivered. */
  readonly damaged: readonly string[];
}

/** The caller holds the engine lock of the database. */
export async function restore(wanted: Restore): Promise<Restored> {
  const part = `${wanted.db}.restored.part`;
  try {
    return await restoreBy(part, wanted);
  } catch (error) {
    if (error instanceof SqlError || isOfTheSystem(error))
      return { outcome: "failed", detail: error.message };
    throw error;
  } finally {
    for (const ending of ["", ...JOURNALS]) await rm(`${part}${ending}`, { force: true });
  }
}

async function restoreBy(part: string, wanted: Restore): Promise<Restored> {
  const { backup, db, recordings, replace } = wanted;
  const from = await sourceOf(backup);
  if (from === undefined) return { outcome: "no_backup" };
  if (from.recordings !== undefined && recordings === undefined) return { outcome: "where_to_recordings" };
  if ((await isThere(db)) && !replace) return { outcome: "exists" };
  const prepared = await prepare(from.database, part);
  if ("outcome" in prepared) return prepared;
  const { kept, revision } = prepared;
  const files =
    recordings === undefined
      ? { back: 0, there: 0, missing: [], damaged: [] }
      : await putBack(kept, from.recordings, recordings);
  const before = await putAside(wanted);
  if (before === "in_use") return { outcome: "in_use" };
  const placed = await putInPlace(part, db, false);
  if (placed.outcome !== "written")
    return {
      outcome: "failed",
      detail: `another program has made ${db} meanwhile; the one before is ${before}`,
    };
  await sync(dirname(resolve(db)));
  return {
    outcome: "restored",
    revision,
    recordings: files,
    ...given({ made: from.made, before }),
  };
}

interface Source {
  readonly database: string;
  readonly recordings?: string;
  readonly made?: string;
}

async function sourceOf(backup: string): Promise<Source | undefined> {
  const found = await stat(backup).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return { database: backup };
  const manifest = await readManifest(backup);
  return (
    manifest && {
      database: join(backup, DATABASE),
      recordings: join(backup, RECORDINGS),
      made: manifest.made,
    }
  );
}

/** Copies a database beside the place where it goes, checks it, and marks it as a copy. */
async function prepare(
  from: string,
  part: string,
): Promise<{ readonly revision: number; readonly kept: readonly KeptRecording[] } | Restored> {
  // Changes that are in a journal only would be lost: this is a database in use, or a careless copy of one.
  const wal = await stat(`${from}-wal`).catch(() => undefined);
  if (wal !== undefined && wal.size > 0) return { outcome: "unusable", failure: { reason: "busy" } };
  for (const ending of ["", ...JOURNALS]) await rm(`${part}${ending}`, { force: true });
  if (!(await copyIfThere(from, part, 0o600))) return { outcome: "no_backup" };
  const opened = await openStore(part, { mustExist: true, checkIntegrity: true });
  if (!opened.ok) return { outcome: "unusable", failure: opened.failure };
  try {
    await opened.store.markAsCopy();
    return {
      revision: await opened.store.currentRevision(),
      kept: await opened.store.recordingsKept(),
    };
  } finally {
    await opened.store.close();
  }
}

/** Puts recordings back, and leaves those alone that are there. */
async function putBack(
  kept: readonly KeptRecording[],
  from: string | undefined,
  to: string,
): Promise<RecordingsRestored> {
  await mkdir(to, { recursive: true });
  const ended = { back: 0, there: 0, missing: [] as string[], damaged: [] as string[] };
  for (const { id, sha256, isOpen } of kept) {
    const file = recordingFile(to, id);
    const there = await hashOf(file);
    if (there !== undefined && (sha256 === null || sha256 === there)) {
      ended.there += 1;
      continue;
    }
    // The switch may run as another user, and has to read what it plays: the permissions are those of a new file.
    const isBack = from !== undefined && (await copyIfThere(recordingFile(from, id), file, null));
    if (isBack) ended.back += 1;
    else if (there === undefined && !isOpen) ended.missing.push(id);
    const now = isBack ? await hashOf(file) : there;
    if (sha256 !== null && now !== undefined && now !== sha256) ended.damaged.push(id);
  }
  await sync(to);
  return ended;
}

/** Renames the database that is there, with its journals. @returns its new name; undefined: there was none */
async function putAside({ db, nowMs }: Restore): Promise<string | undefined> {
  if (!(await isThere(db))) {
    // Journals of a database that is gone would be applied to the new one.
    for (const ending of JOURNALS) await moveIfThere(`${db}${ending}`, `${asideOf(db, nowMs)}${ending}`);
    return undefined;
  }
  if (await isBeingWritten(db)) return "in_use";
  const aside = asideOf(db, nowMs);
  for (const ending of [...JOURNALS, ""]) await moveIfThere(`${db}${ending}`, `${aside}${ending}`);
  return aside;
}

function asideOf(db: string, nowMs: number): string {
  return `${db}.before-${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "")}`;
}

async function moveIfThere(from: string, to: string): Promise<void> {
  if (await isThere(from)) await rename(from, to);
}

/** Whether a command writes to a database right now. A database that is damaged is in nobody's use. */
async function isBeingWritten(db: string): Promise<boolean> {
  let database: Database | undefined;
  try {
    database = await Database.open(db, true);
    await database.exec("BEGIN IMMEDIATE; ROLLBACK; PRAGMA wal_checkpoint(TRUNCATE);");
    return false;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return error.code === "SQLITE_BUSY";
  } finally {
    await database?.close().catch(() => undefined);
  }
}
