/**
 * Tables for access to mailboxes by phone: PINs, greetings, and drafts (recordings that are not in use yet). Every
 * method that changes something is one transaction; methods reject with `SqlError` when the database fails.
 */
import type { GreetingKind, RecordedGreeting } from "../policy/call/mailbox-requests.js";
import { pinLockMs } from "../policy/mailbox/pin.js";
import type { Database } from "./database.js";

/** Wrong PINs in a row after which the user's PIN is locked for a while. */
export const PIN_FAILURES_MAX = 5;

/** Stands for the call of a draft that a command makes. */
export const COMMAND_CALL = "command";

/** An attempt with a PIN. It is counted before the PIN is checked, so that simultaneous attempts all count. */
export type PinAttempt =
  | { readonly kind: "none" }
  | { readonly kind: "locked" }
  /** The PIN may be checked against `hash`. `locksMs`: a wrong PIN locks for this time; null: it does not lock yet. */
  | { readonly kind: "check"; readonly hash: string; readonly locksMs: number | null };

/** A greeting of a mailbox in full. */
export interface Greeting extends RecordedGreeting {
  readonly box: string;
  readonly setBy: string;
  /** Milliseconds since the epoch. */
  readonly setMs: number;
}

/** Which greeting of a mailbox: a `GreetingSlot` as the tables have it. */
export interface StoredGreetingSlot {
  readonly box: string;
  readonly kind: GreetingKind;
  readonly busy: boolean;
}

interface PinRow {
  readonly hash: string;
  readonly failures: number;
  readonly lockedUntilMs: number;
  readonly locks: number;
  readonly lastTry: string;
}

/** What an engine needs of {@link MailboxAccessTables}. */
export type MailboxAccessStore = Omit<
  Pick<MailboxAccessTables, keyof MailboxAccessTables>,
  "pinOf" | "clearPin"
>;

export class MailboxAccessTables {
  constructor(private readonly database: Database) {}

  /** Whether a user has a PIN, and until when it is locked (0: it is not). */
  async pinOf(username: string): Promise<{ readonly isSet: boolean; readonly lockedUntilMs: number }> {
    const row = await this.#pin(username);
    return { isSet: row !== undefined, lockedUntilMs: row?.lockedUntilMs ?? 0 };
  }

  /** Sets or replaces a PIN by its hash; earlier failures are forgotten. */
  setPin(username: string, hash: string, atMs: number): Promise<void> {
    return this.database.run(
      `INSERT INTO mailbox_pins (username, hash, set_ms) VALUES (?, ?, ?)
       ON CONFLICT (username) DO UPDATE
       SET hash = excluded.hash, set_ms = excluded.set_ms, failures = 0, locked_until_ms = 0, locks = 0`,
      [username, hash, atMs],
    );
  }

  /** Removes a PIN. False: there was none. */
  clearPin(username: string): Promise<boolean> {
    return this.database.transaction(async () => {
      const row = await this.#pin(username);
      await this.database.run("DELETE FROM mailbox_pins WHERE username = ?", [username]);
      return row !== undefined;
    });
  }

  /**
   * Begins an attempt. It counts as a failure unless {@link pinRight} follows.
   * @param key identifies the attempt; the same key again does not count again
   */
  tryPin(username: string, key: string, nowMs: number): Promise<PinAttempt> {
    return this.database.transaction<PinAttempt>(async () => {
      const row = await this.#pin(username);
      if (row === undefined) return { kind: "none" };
      if (row.lastTry === key) return { kind: "check", hash: row.hash, locksMs: null };
      if (row.lockedUntilMs > nowMs) return { kind: "locked" };
      const failures = (row.lockedUntilMs > 0 ? 0 : row.failures) + 1;
      // The last attempt allowed locks before the PIN is checked: a crash in between leaves a lock with an end.
      const locksMs = failures < PIN_FAILURES_MAX ? null : pinLockMs(row.locks);
      await this.database.run(
        "UPDATE mailbox_pins SET failures = ?, locked_until_ms = ?, locks = ?, last_try = ? WHERE username = ?",
        [
          failures,
          locksMs === null ? 0 : nowMs + locksMs,
          row.locks + (locksMs === null ? 0 : 1),
          key,
          username,
        ],
      );
      return { kind: "check", hash: row.hash, locksMs };
    });
  }

  /** The PIN was right: failures and locks are forgotten. Also removes a lock by command. */
  pinRight(username: string): Promise<void> {
    return this.database.run(
      "UPDATE mailbox_pins SET failures = 0, locked_until_ms = 0, locks = 0 WHERE username = ?",
      [username],
    );
  }

  #pin(username: string): Promise<PinRow | undefined> {
    return this.database.get<PinRow>(
      `SELECT hash, failures, locked_until_ms AS lockedUntilMs, locks, last_try AS lastTry
       FROM mailbox_pins WHERE username = ?`,
      [username],
    );
  }

  /** The greetings in use of one mailbox, or of all. */
  async greetings(box?: string): Promise<Greeting[]> {
    const rows = await this.database.all<Omit<Greeting, "busy"> & { readonly busy: number }>(
      `SELECT id, box, kind, busy, set_by AS setBy, set_ms AS setMs FROM greetings
       WHERE removed_ms IS NULL${box === undefined ? "" : " AND box = ?"} ORDER BY box, kind, busy`,
      box === undefined ? [] : [box],
    );
    return rows.map((row) => ({ ...row, busy: row.busy === 1 }));
  }

  /** Puts a draft into use in place of the slot's greeting; a second time changes nothing. */
  keepGreeting(slot: StoredGreetingSlot, draft: string, by: string, atMs: number): Promise<void> {
    return this.database.transaction(async () => {
      const known = await this.database.get("SELECT 1 FROM greetings WHERE id = ?", [draft]);
      if (known !== undefined) return;
      await this.#removeGreeting(slot, atMs);
      await this.database.run(
        "INSERT INTO greetings (id, box, kind, busy, set_by, set_ms) VALUES (?, ?, ?, ?, ?, ?)",
        [draft, slot.box, slot.kind, slot.busy ? 1 : 0, by, atMs],
      );
      await this.database.run("DELETE FROM drafts WHERE id = ?", [draft]);
    });
  }

  /** Takes a greeting out of use; its file is removed later. False: there was none. */
  removeGreeting(slot: StoredGreetingSlot, atMs: number): Promise<boolean> {
    return this.database.transaction(async () => {
      const there = (await this.greetings(slot.box)).some(
        ({ kind, busy }) => kind === slot.kind && busy === slot.busy,
      );
      await this.#removeGreeting(slot, atMs);
      return there;
    });
  }

  #removeGreeting({ box, kind, busy }: StoredGreetingSlot, atMs: number): Promise<void> {
    return this.database.run(
      "UPDATE greetings SET removed_ms = ? WHERE box = ? AND kind = ? AND busy = ? AND removed_ms IS NULL",
      [atMs, box, kind, busy ? 1 : 0],
    );
  }

  /**
   * Ids of greetings out of use, whose files and rows are still there.
   * @param beforeMs leaves out those that a rollback may bring back: their owner was removed later than that, or still
   * has messages
   */
  async removedGreetings(beforeMs?: number): Promise<string[]> {
    const rows = await this.database.all<{ id: string }>(
      `SELECT id FROM greetings WHERE removed_ms IS NOT NULL
         AND (?1 IS NULL OR gone_in IS NULL OR (removed_ms < ?1 AND NOT EXISTS (
           SELECT 1 FROM messages WHERE messages.box = greetings.box AND state = 'delivered')))`,
      [beforeMs ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets the PINs of users who were removed before that time and have no messages any more. */
  async forgetKeptPins(beforeMs: number): Promise<void> {
    const over = `FROM kept_pins WHERE gone_ms < ? AND NOT EXISTS (
      SELECT 1 FROM messages WHERE box = 'user:' || username AND state = 'delivered')`;
    // Looking needs no write lock, and there is hardly ever anything to forget.
    if ((await this.database.get(`SELECT 1 ${over} LIMIT 1`, [beforeMs])) === undefined) return;
    await this.database.run(`DELETE ${over}`, [beforeMs]);
  }

  /** Removes the row of a greeting out of use. Its file must be removed first. */
  forgetGreeting(id: string): Promise<void> {
    return this.database.run("DELETE FROM greetings WHERE id = ? AND removed_ms IS NOT NULL", [id]);
  }

  /** Adds a draft that is about to be recorded or copied; a second time changes nothing. */
  openDraft(id: string, call: string, atMs: number): Promise<void> {
    return this.database.run("INSERT OR IGNORE INTO drafts (id, call, began_ms) VALUES (?, ?, ?)", [
      id,
      call,
      atMs,
    ]);
  }

  drafts(): Promise<ReadonlyArray<{ readonly id: string; readonly call: string; readonly beganMs: number }>> {
    return this.database.all("SELECT id, call, began_ms AS beganMs FROM drafts ORDER BY began_ms, id");
  }

  async isDraft(id: string): Promise<boolean> {
    return (await this.database.get("SELECT 1 FROM drafts WHERE id = ?", [id])) !== undefined;
  }

  /** Removes the row of a draft. Its file must be removed first. */
  forgetDraft(id: string): Promise<void> {
    return this.database.run("DELETE FROM drafts WHERE id = ?", [id]);
  }
}
