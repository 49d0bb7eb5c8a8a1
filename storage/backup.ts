/**
 * Copies of a database. A copy is marked as one, so that an engine on it does not take itself for the engine of the
 * original, which may still run: it claims calls under an id of its own, and sends no mail that the original has sent.
 */
import { chmod, link, open, rename, rm, writeFile } from "node:fs/promises";
import { Database, SqlError } from "./database.js";
import { APPLICATION_ID } from "./migrate.js";
import { type NewMessage, VoicemailStore } from "./voicemail.js";

/** How a copy ended. With `exists` and `failed` no new file was made. */
export type BackedUp =
  | { readonly outcome: "written" }
  | { readonly outcome: "exists" }
  | { readonly outcome: "failed"; readonly detail: string };

/** A sound file that a database has a row for. */
export interface KeptRecording {
  readonly id: string;
  /** Of the whole file, hexadecimal; null: the row does not say, or the file still grows. */
  readonly sha256: string | null;
  /** It was being recorded. */
  readonly isOpen: boolean;
}

/** Ending of a file that is not complete yet. */
const PART = ".part";

/**
 * Writes a consistent copy to a file, while others read and write. The file has its name when it is complete.
 * @param replace a file of that name is replaced
 * @param unwritten messages being recorded whose rows wait for the database; the copy has them
 */
export async function copyDatabase(
  database: Database,
  path: string,
  replace: boolean,
  unwritten: readonly NewMessage[] = [],
): Promise<BackedUp> {
  const part = `${path}${PART}`;
  try {
    await removeDatabase(part);
    await writeFile(part, "", { flag: "wx", mode: 0o600 });
    await chmod(part, 0o600);
    // VACUUM INTO accepts a file that is empty, and leaves its permissions.
    await database.run("VACUUM INTO ?", [part]);
    await markFile(part, unwritten);
    return await putInPlace(part, path, replace);
  } catch (error) {
    if (!(error instanceof SqlError) && !(error instanceof Error && "code" in error)) throw error;
    return { outcome: "failed", detail: error.message };
  } finally {
    await removeDatabase(part).catch(() => undefined);
  }
}

async function markFile(path: string, unwritten: readonly NewMessage[]): Promise<void> {
  const copy = await Database.open(path, true);
  try {
    // One file without journals beside it.
    await copy.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
    // A row that was written meanwhile stays as it is.
    await new VoicemailStore(copy).open(unwritten);
    await markAsCopy(copy);
  } finally {
    await copy.close();
  }
}

/** Gives a complete file its name. @param replace false: only if there is no file of that name */
export async function putInPlace(part: string, path: string, replace: boolean): Promise<BackedUp> {
  if (replace) {
    // A journal of the file that is replaced would be applied to the new file.
    await removeJournals(path);
    await rename(part, path);
    return { outcome: "written" };
  }
  try {
    await link(part, path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EEXIST") return { outcome: "exists" };
    if (!NO_LINKS.has(code)) throw error;
    // A file system without links, such as one of another machine: nothing was there a moment ago.
    await rename(part, path);
    return { outcome: "written" };
  }
  await rm(part);
  return { outcome: "written" };
}

const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** The files that SQLite keeps beside a database. */
export const JOURNALS = ["-wal", "-shm", "-journal"] as const;

async function removeJournals(path: string): Promise<void> {
  for (const ending of JOURNALS) await rm(`${path}${ending}`, { force: true });
}

async function removeDatabase(path: string): Promise<void> {
  await rm(path, { force: true });
  await removeJournals(path);
}

/**
 * Marks a database as a copy. A second time changes nothing, so that copies made by other means can be marked too.
 * - The engine on it gets a new id: it does not take over calls of the original, whose saved states name revisions that
 *   this database may not have or has otherwise.
 * - Mails that wait, and mails about messages being recorded, are the original's; so are calls that say a
 *   code, and those that somebody asks for.
 * - Nobody is signed in, and no link and no key of the API works: each may have ended in the original since. Keys stay in
 *   the list, as over, so that their makers see which to make again.
 */
export function markAsCopy(database: Database): Promise<void> {
  return database.transaction(async () => {
    await database.run("DELETE FROM engine_identity");
    await database.run("DELETE FROM live_calls");
    await database.run("DELETE FROM mail_trouble");
    await database.run("UPDATE outbox SET state = 'given_up' WHERE state IN ('waiting', 'sending')");
    await database.run("UPDATE messages SET no_mails = 1 WHERE state = 'recording'");
    for (const table of OF_THE_ORIGINAL) await database.run(`DELETE FROM ${table}`);
    await database.run("DELETE FROM setup_links WHERE used_ms IS NULL");
    await database.run("UPDATE api_keys SET expires_ms = made_ms");
    await database.run("UPDATE invitations SET failed = ?, expires_ms = invited_ms", [INVITE_AGAIN]);
  });
}

/** Rows of these are good in one database only. */
const OF_THE_ORIGINAL = [
  ...["account_mails", "account_links", "number_proofs", "click_calls"],
  ...["sessions", "sign_in_steps", "passkey_challenges"],
  ...["idempotency", "web_standing"],
] as const;

const INVITE_AGAIN = "the database was restored from a backup: send the invitation again";

/**
 * The sound files that a database has rows for: of messages, deleted ones too, and of greetings in use or kept for a
 * rollback.
 */
export async function recordingsKept(database: Database): Promise<KeptRecording[]> {
  const rows = await database.all<Omit<KeptRecording, "isOpen"> & { readonly isOpen: number }>(
    `SELECT id, sha256, state = 'recording' AS isOpen FROM messages
     UNION ALL SELECT id, NULL, 0 FROM greetings WHERE removed_ms IS NULL OR gone_in IS NOT NULL ORDER BY id`,
  );
  return rows.map((row) => ({ ...row, isOpen: row.isOpen === 1 }));
}

/** What a copy has, read without changing it. */
export async function lookIntoCopy(
  path: string,
): Promise<{ readonly revision: number; readonly kept: readonly KeptRecording[] }> {
  const copy = await Database.open(path, true);
  try {
    const row = await copy.get<{ revision: number | null }>(
      "SELECT max(revision) AS revision FROM revisions",
    );
    return { revision: row?.revision ?? 0, kept: await recordingsKept(copy) };
  } finally {
    await copy.close();
  }
}

const MAGIC = "SQLite format 3\0";
/** Where SQLite's header has the application id (fileformat2.html, 1.3). */
const APPLICATION_ID_AT = 68;

/** Whether a file is a database of ours, by its header alone. */
export async function isOurs(path: string): Promise<boolean> {
  const header = Buffer.alloc(APPLICATION_ID_AT + 4);
  const file = await open(path, "r");
  try {
    await file.read(header, 0, header.length, 0);
  } catch {
    // A folder, for example.
    return false;
  } finally {
    await file.close();
  }
  return (
    header.subarray(0, MAGIC.length).toString("latin1") === MAGIC &&
    header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID
  );
}
