/**
 * Replaces files by new texts, all or none as far as a file system allows: every new text is written beside its file
 * first, and only when all are written does each take its file's place, at once. A file that changed meanwhile is not
 * replaced. A byte order mark, the permissions and the owner of a file stay, and so does a link to it.
 */
import { chown, lstat, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { IdSource } from "../../ids.js";

/** A file that changes. */
export interface ChangedFile {
  readonly name: string;
  /** The text as it was read; null: there was no such file. */
  readonly before: string | null;
  readonly after: string;
}

export type Replaced =
  | { readonly ok: true }
  /** `replaced` are the files that have their new text all the same; usually none. */
  | { readonly ok: false; readonly reason: string; readonly replaced: readonly string[] };

/** A new text beside the file whose place it takes. */
interface Prepared extends ChangedFile {
  readonly path: string;
  readonly part: string;
}

const BYTE_ORDER_MARK = "\ufeff";

export async function replaceFiles(files: readonly ChangedFile[], ids: IdSource): Promise<Replaced> {
  const prepared: Prepared[] = [];
  const replaced: string[] = [];
  let at = "";
  try {
    for (const file of files) {
      at = file.name;
      prepared.push(await prepare(file, ids));
    }
    for (const file of prepared) {
      at = file.name;
      // Looked at again, as late as can be: an editor may have saved the file while the others were written.
      if (!(await isAsRead(file.path, file.before))) throw new Error("it was changed since it was read");
    }
    for (const { name, path, part } of prepared) {
      at = name;
      await rename(part, path);
      replaced.push(name);
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: `${at}: ${reasonOf(error)}`, replaced };
  } finally {
    for (const { part } of prepared) await rm(part, { force: true });
  }
}

async function prepare(file: ChangedFile, ids: IdSource): Promise<Prepared> {
  const path = file.before === null ? file.name : await realpath(file.name);
  if (!(await isAsRead(path, file.before)))
    throw new Error(file.before === null ? "it is there by now" : "it was changed since it was read");
  // A hidden file is no part of an office.
  const part = join(dirname(path), `.${basename(path)}.${ids.uuid()}`);
  try {
    await writePart(file, path, part);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { ...file, path, part };
}

async function writePart({ before, after }: ChangedFile, path: string, part: string): Promise<void> {
  const old = before === null ? undefined : await stat(path);
  const mark = before !== null && (await readFile(path)).subarray(0, 3).equals(Buffer.from(BYTE_ORDER_MARK));
  const handle = await open(part, "wx", old === undefined ? 0o666 : old.mode & 0o7777);
  try {
    await handle.writeFile(mark ? `${BYTE_ORDER_MARK}${after}` : after);
    if (old !== undefined) await handle.chmod(old.mode & 0o7777);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const made = await stat(part);
  if (old !== undefined && (made.uid !== old.uid || made.gid !== old.gid))
    await chown(part, old.uid, old.gid);
}

async function isAsRead(path: string, before: string | null): Promise<boolean> {
  if (before !== null) return new TextDecoder("utf-8").decode(await readFile(path)) === before;
  try {
    await lstat(path);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "it is not there any more";
  if (code === "EACCES" || code === "EPERM") return "no permission to write it";
  if (code === "EROFS") return "it is on a file system that cannot be written";
  if (code === "ENOSPC") return "there is no space left";
  return error instanceof Error ? error.message : String(error);
}
