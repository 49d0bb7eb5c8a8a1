/** Files and folders of backups: private to their owner, on the disk before they count, never half there. */
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, chmod, copyFile, lstat, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

export const DATABASE = "ringline.db";
export const RECORDINGS = "recordings";
export const MANIFEST = "backup.json";

/** What is in a backup, for those who look into it. */
export interface Manifest {
  /** When it was made: ISO 8601, UTC. */
  readonly made: string;
  readonly revision: number;
  readonly recordings: number;
  /** Ids of messages that were being recorded. */
  readonly being_recorded: readonly string[];
  /** Ids of those among them whose row was in a note beside the recording, because the database was busy. */
  readonly noted: readonly string[];
  /** Ids of notes that cannot be read: their recordings are not in the backup. */
  readonly notes_unreadable: readonly string[];
  /** Ids of recordings that had a row and no file that could be read. */
  readonly missing: readonly string[];
  /** Ids of recordings whose file differs from what was delivered. */
  readonly damaged: readonly string[];
}

export function recordingFile(folder: string, id: string): string {
  return join(folder, `${id}.wav`);
}

/** Whether something is at a path, be it a broken link. */
export async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(noneIfMissing)) !== undefined;
}

/** Whether this process may read a file that is there. */
export function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** Copies a file; false: there is none. @param mode of the copy; null: as this process makes files */
export async function copyIfThere(from: string, to: string, mode: number | null): Promise<boolean> {
  const part = `${to}.part`;
  try {
    await rm(part, { force: true });
    // Where the file system can, the copy shares the bytes until one of the two changes.
    await copyFile(from, part, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    noneIfMissing(error);
    return false;
  }
  await chmod(part, mode ?? 0o666 & ~process.umask());
  await sync(part);
  await rename(part, to);
  return true;
}

/** SHA-256 of a file, hexadecimal; undefined: there is none. */
export async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) hash.update(piece);
  } catch (error) {
    return noneIfMissing(error);
  }
  return hash.digest("hex");
}

/** Waits until a file or a folder's list of files is on the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The manifest of a backup; undefined: the folder is none. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === "object" && manifest !== null && "made" in manifest
      ? (manifest as Manifest)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An error of the operating system, such as a full disk: an expected failure. */
export function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}

function noneIfMissing(error: unknown): undefined {
  if (isOfTheSystem(error) && error.code === "ENOENT") return undefined;
  throw error;
}
