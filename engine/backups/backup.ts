/**
 * Makes a backup while the engine and commands go on working: a copy of the database, and if asked for its recordings.
 * Every message whose row is in the copy has its file: files that are removed while they are copied make the database
 * be copied again. The rows of messages that wait for a busy database are in notes beside the recordings; they are read
 * before the database is copied, so that each is in one of the two.
 */
import { mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type BackedUp, isOurs, type KeptRecording, lookIntoCopy } from "../../storage/backup.js";
import type { NewMessage } from "../../storage/voicemail.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { Recordings } from "../voicemail/recordings.js";
import { readRowNote } from "../voicemail/row-note.js";
import {
  copyIfThere,
  DATABASE,
  hashOf,
  isOfTheSystem,
  isReadable,
  isThere,
  MANIFEST,
  type Manifest,
  RECORDINGS,
  readManifest,
  recordingFile,
  sync,
} from "./files.js";

/** `written`: the copy has `revision` and all before it. With every other outcome there is no new copy. */
export type DatabaseBackedUp =
  | { readonly outcome: "written"; readonly revision: number; readonly recordings?: Manifest }
  | Exclude<BackedUp, { readonly outcome: "written" }>
  /** What is there is the database itself, or no backup: it is never replaced. */
  | { readonly outcome: "not_a_backup" }
  | DatabaseFailed;

export interface BackupOptions {
  /** The folder of recordings; left out: the database alone. */
  readonly recordings?: string;
  /** A backup of that name is replaced. */
  readonly replace?: boolean;
}

/** How often the database is copied because files were removed meanwhile; then they count as missing. */
const PASSES_MAX = 5;

/** Copies the database to a file, or with its recordings to a folder. */
export function backUp(
  { store, clock }: Pick<Deps, "store" | "clock">,
  to: string,
  { recordings, replace = false }: BackupOptions = {},
): Promise<DatabaseBackedUp> {
  return orDatabaseFailed<DatabaseBackedUp>(async () => {
    try {
      const there = await isThere(to);
      if (there && !replace) return { outcome: "exists" };
      if (there && !(await isBackup(to, store.path, recordings !== undefined)))
        return { outcome: "not_a_backup" };
      if (recordings !== undefined) return await backUpAll({ store, clock }, to, recordings);
      const ended = await store.backup(to, replace);
      if (ended.outcome !== "written") return ended;
      await sync(dirname(resolve(to)));
      return { outcome: "written", revision: (await lookIntoCopy(to)).revision };
    } catch (error) {
      if (!isOfTheSystem(error)) throw error;
      return { outcome: "failed", detail: error.message };
    }
  });
}

async function isBackup(path: string, live: string, asFolder: boolean): Promise<boolean> {
  if (asFolder) return (await readManifest(path)) !== undefined;
  return (await realpath(path)) !== (await realpath(live)) && (await isOurs(path));
}

async function backUpAll(
  { store, clock }: Pick<Deps, "store" | "clock">,
  to: string,
  recordings: string,
): Promise<DatabaseBackedUp> {
  if (!(await isThere(recordings))) return { outcome: "failed", detail: `there is no folder ${recordings}` };
  const part = join(dirname(resolve(to)), `${basename(to)}.part`);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { mode: 0o700 });
  try {
    const manifest = await fill(part, { store, clock }, recordings);
    if ("outcome" in manifest) return manifest;
    await complete(part, to);
    return { outcome: "written", revision: manifest.revision, recordings: manifest };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Gives a whole folder its name. A backup that is replaced is there until the new one is. */
async function complete(part: string, to: string): Promise<void> {
  const before = `${part}.before`;
  if (await isThere(to)) await rename(to, before);
  await rename(part, to);
  await sync(dirname(resolve(to)));
  await rm(before, { recursive: true, force: true });
}

type Failed = Extract<DatabaseBackedUp, { outcome: "exists" | "failed" }>;

async function fill(
  part: string,
  { store, clock }: Pick<Deps, "store" | "clock">,
  recordings: string,
): Promise<Manifest | Failed> {
  const copy = join(part, DATABASE);
  const folder = join(part, RECORDINGS);
  await mkdir(folder, { mode: 0o700 });
  const files = new RecordingCopies(recordings, folder);
  for (let pass = 1; ; pass += 1) {
    const { rows, unreadable } = await noted(recordings);
    const ended = await store.backup(copy, true, rows);
    if (ended.outcome !== "written") return ended;
    const { kept, revision } = await lookIntoCopy(copy);
    const missing = await files.copy(kept);
    const still = new Set((await store.recordingsKept()).map(({ id }) => id));
    if (pass < PASSES_MAX && missing.some((id) => !still.has(id))) continue;
    const manifest: Manifest = {
      made: new Date(clock.nowMs()).toISOString(),
      revision,
      ...(await files.settle(kept, missing)),
      noted: kept.filter(({ id, isOpen }) => isOpen && rows.some((row) => row.id === id)).map(({ id }) => id),
      notes_unreadable: unreadable,
    };
    await writeFile(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    for (const path of [copy, join(part, MANIFEST), folder, part]) await sync(path);
    return manifest;
  }
}

/** The rows that wait for the database, as they are noted beside the recordings. */
async function noted(
  recordings: string,
): Promise<{ readonly rows: readonly NewMessage[]; readonly unreadable: readonly string[] }> {
  const rows: NewMessage[] = [];
  const unreadable: string[] = [];
  for (const { id, text } of await new Recordings(recordings).notes()) {
    const row = readRowNote(text);
    if (row?.id === id) rows.push(row);
    else unreadable.push(id);
  }
  return { rows, unreadable };
}

/** The recordings of a backup in the making. */
class RecordingCopies {
  /** Copied files, with their hashes. */
  readonly #copied = new Map<string, string>();

  constructor(
    private readonly from: string,
    private readonly to: string,
  ) {}

  /** Copies what is not copied yet. @returns the ids of recordings without a file that can be read, other than those just begun */
  async copy(kept: readonly KeptRecording[]): Promise<string[]> {
    const missing: string[] = [];
    for (const { id, sha256, isOpen } of kept) {
      const before = this.#copied.get(id);
      if (before !== undefined && (sha256 === null || sha256 === before)) continue;
      const [from, file] = [recordingFile(this.from, id), recordingFile(this.to, id)];
      if ((await isReadable(from)) && (await copyIfThere(from, file, 0o600)))
        this.#copied.set(id, (await hashOf(file)) ?? "");
      else if (!isOpen) missing.push(id);
    }
    return missing;
  }

  /** Removes files that the last copy of the database has no rows for, and counts. */
  async settle(kept: readonly KeptRecording[], missing: readonly string[]) {
    const ids = new Set(kept.map(({ id }) => id));
    for (const id of this.#copied.keys())
      if (!ids.has(id)) {
        await rm(recordingFile(this.to, id), { force: true });
        this.#copied.delete(id);
      }
    const open = kept.filter(({ isOpen }) => isOpen);
    const damaged = kept.filter(({ id, sha256, isOpen }) => {
      const copied = this.#copied.get(id);
      return !isOpen && sha256 !== null && copied !== undefined && copied !== sha256;
    });
    return {
      recordings: this.#copied.size,
      being_recorded: open.map(({ id }) => id),
      missing,
      damaged: damaged.map(({ id }) => id),
    };
  }
}
