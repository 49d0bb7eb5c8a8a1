/** Passkeys of accounts (WebAuthn), and the challenges that they sign. A challenge works once. */
import type { Database } from "../database.js";

export interface NewPasskey {
  /** The credential's id, base64url. */
  readonly id: string;
  readonly username: string;
  /** COSE (RFC 9052), base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  /** The host for which it was made. */
  readonly rpId: string;
  readonly name: string;
  /** The password alone is not enough any more. */
  readonly isSecondStep: boolean;
  /** It is kept by a service, and lost with no device. */
  readonly isSynced: boolean;
  readonly madeMs: number;
}

export interface Passkey extends NewPasskey {
  /** Null: never. */
  readonly usedMs: number | null;
}

/** What a challenge is for. */
export type ChallengePurpose = "add" | "sign_in" | "second_step" | "confirm";

export interface Challenge {
  readonly challenge: string;
  readonly purpose: ChallengePurpose;
  /** Null: whoever has the passkey. */
  readonly username: string | null;
  readonly address: string;
  readonly expiresMs: number;
}

/** Challenges that may wait: nobody is to fill the disk with requests for them. */
const CHALLENGES_MAX = 10_000;
/** For one address; the oldest go. */
const CHALLENGES_OF_ADDRESS_MAX = 50;

const COLUMNS = `id, username, public_key AS publicKey, counter, transports, rp_id AS rpId, name, is_second_step AS isSecondStep,
  is_synced AS isSynced, made_ms AS madeMs, used_ms AS usedMs`;

interface Row extends Omit<Passkey, "transports" | "isSecondStep" | "isSynced"> {
  readonly transports: string;
  readonly isSecondStep: number;
  readonly isSynced: number;
}

export class PasskeyTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a passkey. False: one with this id is kept already, or the account is gone. */
  async add(passkey: NewPasskey): Promise<boolean> {
    const { id, username, publicKey, counter, transports, rpId, name, isSecondStep, isSynced, madeMs } =
      passkey;
    const added = await this.#database.runReturning(
      `INSERT INTO passkeys (id, username, public_key, counter, transports, rp_id, name, is_second_step, is_synced, made_ms)
       SELECT ?, username, ?, ?, ?, ?, ?, ?, ?, ? FROM accounts WHERE username = ? ON CONFLICT DO NOTHING RETURNING id`,
      [
        id,
        publicKey,
        counter,
        JSON.stringify(transports),
        rpId,
        name,
        Number(isSecondStep),
        Number(isSynced),
        madeMs,
        username,
      ],
    );
    return added.length > 0;
  }

  /** An account's passkeys, the oldest first. */
  async of(username: string): Promise<Passkey[]> {
    const rows = await this.#database.all<Row>(
      `SELECT ${COLUMNS} FROM passkeys WHERE username = ? ORDER BY made_ms, id`,
      [username],
    );
    return rows.map(passkeyOf);
  }

  async byId(id: string): Promise<Passkey | undefined> {
    const row = await this.#database.get<Row>(`SELECT ${COLUMNS} FROM passkeys WHERE id = ?`, [id]);
    return row === undefined ? undefined : passkeyOf(row);
  }

  /** Notes a use. False: the passkey is gone, or its counter did not go on since it was read: it is used twice. */
  async used(
    id: string,
    counter: { readonly before: number; readonly now: number },
    nowMs: number,
  ): Promise<boolean> {
    const used = await this.#database.runReturning(
      "UPDATE passkeys SET counter = ?, used_ms = ? WHERE id = ? AND counter = ? RETURNING id",
      [counter.now, nowMs, id, counter.before],
    );
    return used.length > 0;
  }

  /** False: the account has none with this id. */
  async remove(username: string, id: string): Promise<boolean> {
    const removed = await this.#database.runReturning(
      "DELETE FROM passkeys WHERE username = ? AND id = ? RETURNING id",
      [username, id],
    );
    return removed.length > 0;
  }

  /** Keeps a challenge, and forgets those whose time is over and those that are too many. */
  addChallenge(
    { challenge, purpose, username, address, expiresMs }: Challenge,
    nowMs: number,
  ): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#database.run("DELETE FROM passkey_challenges WHERE expires_ms <= ?", [nowMs]);
      await this.#database.run(
        `INSERT INTO passkey_challenges (challenge, purpose, username, address, expires_ms)
         SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?3 IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE username = ?3)`,
        [challenge, purpose, username, address, expiresMs],
      );
      await this.#database.run(
        `DELETE FROM passkey_challenges WHERE seq IN (SELECT seq FROM passkey_challenges
           WHERE address = ? ORDER BY seq DESC LIMIT -1 OFFSET ?)`,
        [address, CHALLENGES_OF_ADDRESS_MAX],
      );
      await this.#database.run(
        "DELETE FROM passkey_challenges WHERE seq <= (SELECT max(seq) FROM passkey_challenges) - ?",
        [CHALLENGES_MAX],
      );
    });
  }

  /** Takes a challenge, so that it does not work again. False: there is none for this purpose and account. */
  async takeChallenge(
    { challenge, purpose, username }: Pick<Challenge, "challenge" | "purpose" | "username">,
    nowMs: number,
  ): Promise<boolean> {
    const taken = await this.#database.runReturning(
      `DELETE FROM passkey_challenges WHERE challenge = ? AND purpose = ? AND username IS ? AND expires_ms > ?
       RETURNING challenge`,
      [challenge, purpose, username, nowMs],
    );
    return taken.length > 0;
  }
}

function passkeyOf({ transports, isSecondStep, isSynced, ...row }: Row): Passkey {
  return {
    ...row,
    transports: JSON.parse(transports) as string[],
    isSecondStep: isSecondStep === 1,
    isSynced: isSynced === 1,
  };
}
