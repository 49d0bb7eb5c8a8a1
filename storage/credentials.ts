/**
 * The digests that SIP phones sign in with. Every change gets a serial, so that a running engine can ask for changes
 * several times a second and sees removals too.
 */
import type { Database, SqlValue } from "./database.js";

/** The credential of one phone. */
export interface Credential {
  readonly sipName: string;
  /** The user whose phone it was made for; it is valid for no other user. */
  readonly username: string;
  readonly realm: string;
  /** md5 of `sipName:realm:password` in lower-case hexadecimal (RFC 2617, section 3.2.2.2). */
  readonly a1Hash: string;
  readonly madeMs: number;
  readonly madeBy: string;
}

/** The newest state of a name; null: its credential was removed. */
export interface CredentialChange {
  readonly sipName: string;
  readonly credential: Credential | null;
}

export interface CredentialChanges {
  /** The serial to ask with the next time. */
  readonly serial: number;
  readonly changes: readonly CredentialChange[];
  /** `changes` is everything, and the caller must forget what it knew: it was of another database. */
  readonly everything: boolean;
}

interface Row {
  readonly sipName: string;
  readonly username: string;
  readonly realm: string;
  readonly a1Hash: string | null;
  readonly madeMs: number;
  readonly madeBy: string;
  readonly serial: number;
}

const COLUMNS = `sip_name AS sipName, username, realm, a1_hash AS a1Hash, made_ms AS madeMs,
  made_by AS madeBy, serial`;
const NEXT_SERIAL = "(SELECT coalesce(max(serial), 0) + 1 FROM credentials)";

/** Writes or replaces credentials, all or nothing. */
export function writeCredentials(database: Database, credentials: readonly Credential[]): Promise<void> {
  return database.transaction(async () => {
    for (const credential of credentials) await putCredential(database, credential);
  });
}

/** Writes or replaces one credential. To be called inside a transaction. */
export function putCredential(database: Database, credential: Credential): Promise<void> {
  const { sipName, username, realm, a1Hash, madeMs, madeBy } = credential;
  return put(database, [sipName, username, realm, a1Hash, madeMs, madeBy]);
}

/** Removes a name's credential, and the link that would make another; false: it had no credential. */
export function removeCredential(
  database: Database,
  sipName: string,
  by: { readonly author: string; readonly nowMs: number },
): Promise<boolean> {
  return database.transaction(async () => {
    await database.run("DELETE FROM setup_links WHERE sip_name = ? AND used_ms IS NULL", [sipName]);
    const held = await credentialOf(database, sipName);
    if (held === undefined) return false;
    await put(database, [sipName, held.username, held.realm, null, by.nowMs, by.author]);
    return true;
  });
}

function put(database: Database, values: readonly SqlValue[]): Promise<void> {
  return database.run(
    `INSERT OR REPLACE INTO credentials (sip_name, username, realm, a1_hash, made_ms, made_by, serial)
     VALUES (?, ?, ?, ?, ?, ?, ${NEXT_SERIAL})`,
    values,
  );
}

export async function credentialOf(database: Database, sipName: string): Promise<Credential | undefined> {
  const row = await database.get<Row>(
    `SELECT ${COLUMNS} FROM credentials WHERE sip_name = ? AND a1_hash IS NOT NULL`,
    [sipName],
  );
  return row === undefined ? undefined : (credential(row) ?? undefined);
}

/**
 * The changes since a serial (0: everything), cheap enough to ask several times a second. A serial above all of this
 * database is from another database; then everything is returned.
 */
export async function credentialsSince(database: Database, serial: number): Promise<CredentialChanges> {
  const newest = await database.get<{ serial: number | null }>(
    "SELECT max(serial) AS serial FROM credentials",
  );
  const last = newest?.serial ?? 0;
  if (last === serial) return { serial, changes: [], everything: false };
  const from = last < serial ? 0 : serial;
  const rows = await database.all<Row>(`SELECT ${COLUMNS} FROM credentials WHERE serial > ?`, [from]);
  return {
    // Another process may have written between the two statements.
    serial: rows.reduce((highest, row) => Math.max(highest, row.serial), last),
    changes: rows.map((row) => ({ sipName: row.sipName, credential: credential(row) })),
    everything: from === 0,
  };
}

function credential({ sipName, username, realm, a1Hash, madeMs, madeBy }: Row): Credential | null {
  return a1Hash === null ? null : { sipName, username, realm, a1Hash, madeMs, madeBy };
}
