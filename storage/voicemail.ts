/**
 * Messages in the database: opened before they are recorded, delivered once, with a state for each member. Every method
 * that changes something is one transaction; methods reject with `SqlError` when the database fails.
 */
import type { MailedMember, Recipient } from "../policy/mailbox/mailbox.js";
import type { Database, SqlValue } from "./database.js";
import { boxSince } from "./successors.js";

/** A message about to be recorded. Times are milliseconds since the epoch. */
export interface NewMessage {
  readonly id: string;
  /** `user:NAME` or `group:ID`. */
  readonly box: string;
  readonly call: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly called: string;
  readonly beganMs: number;
  /**
   * The recording is a message of its own, whatever the call has recorded before for the mailbox. Left out: it takes the
   * place of the recording before, if it is long enough.
   */
  readonly alone?: boolean;
  /**
   * The revision of the office by which `box` is named: the mailbox may have another name since, under which the message
   * is kept. Left out: it is the name of now.
   */
  readonly revision?: number;
  /** The user who forwards the message; left out: a caller leaves it. */
  readonly forwardedBy?: string;
}

/** What is known of a recording when it is delivered. */
export interface Delivery {
  /** The mailbox of the recipients. If the message was handed over to another mailbox meanwhile, it is not delivered. */
  readonly box: string;
  readonly deliveredMs: number;
  readonly lengthMs: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly urgent: boolean;
  readonly recipients: readonly Recipient[];
  /** The members who get a mail. */
  readonly mails: readonly MailedMember[];
}

export type MemberState = "new" | "heard" | "saved" | "deleted";

/** What one member has done with a message. */
export interface MemberView {
  readonly username: string;
  readonly state: MemberState;
  /** The message came while the member's voicemail was switched on. */
  readonly received: boolean;
}

/** A delivered message. */
export interface Message extends Omit<NewMessage, "forwardedBy" | "alone" | "revision"> {
  readonly deliveredMs: number;
  readonly lengthMs: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly urgent: boolean;
  readonly heardBy: string | null;
  readonly claimedBy: string | null;
  /** The user who forwarded the message to this mailbox. */
  readonly forwardedBy: string | null;
  /** When the message was deleted for all; null: it was not. */
  readonly deletedMs: number | null;
  readonly members: readonly MemberView[];
}

/** How many messages a member has in a mailbox. */
export interface MemberCount {
  readonly username: string;
  readonly box: string;
  readonly received: boolean;
  readonly fresh: number;
  readonly freshUrgent: number;
  readonly old: number;
  readonly oldUrgent: number;
}

/** Which messages are asked for. */
export interface MessageQuery {
  /** `unreceived`: also messages that came while the reader's voicemail was switched off. */
  readonly boxes: ReadonlyArray<{ readonly box: string; readonly unreceived: boolean }>;
  /** Only messages that this member has in one of these states; left out: whoever has them. */
  readonly reader?: { readonly username: string; readonly states: readonly MemberState[] };
  readonly withDeletedForAll?: boolean;
}

/** Where a page of messages ends. */
export interface MessageKey {
  readonly deliveredMs: number;
  readonly id: string;
}

export interface MessagePage {
  readonly limit: number;
  /** Only messages after this one; left out: from the newest on. */
  readonly after?: MessageKey;
}

/** What has changed since a serial. */
export interface MessageChanges {
  /** The serial to ask with the next time. */
  readonly serial: number;
  readonly usernames: readonly string[];
  /** The caller must forget what it knew, and `usernames` are not all: it asked for everything, or of another database. */
  readonly everything: boolean;
}

interface Row {
  readonly id: string;
  readonly box: string;
  readonly call: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly called: string;
  readonly beganMs: number;
  readonly deliveredMs: number;
  readonly lengthMs: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly urgent: number;
  readonly heardBy: string | null;
  readonly claimedBy: string | null;
  readonly forwardedBy: string | null;
  readonly deletedMs: number | null;
  readonly members: string;
}

const OPEN_COLUMNS = `id, box, call, caller_number AS callerNumber, caller_name AS callerName, called,
  began_ms AS beganMs`;
const COLUMNS = `${OPEN_COLUMNS}, delivered_ms AS deliveredMs, length_ms AS lengthMs, bytes, sha256, urgent,
  heard_by AS heardBy, claimed_by AS claimedBy,
  forwarded_by AS forwardedBy, deleted_ms AS deletedMs,
  (SELECT json_group_array(json_object('username', username, 'state', state, 'received', received) ORDER BY username)
   FROM message_members WHERE message = messages.id) AS members`;

/** A message that is being recorded, or whose recording was left behind. */
export type OpenMessage = NewMessage & { readonly urgent: boolean };

/** A message that is in a mailbox, and when its recording began. */
export type DeliveredTake = Pick<NewMessage, "id" | "beganMs">;

export interface BoxMessages {
  /** `user:NAME` or `group:ID`. */
  readonly box: string;
  readonly messages: number;
}

/** What an engine needs of {@link VoicemailStore}. */
export type MessageStore = Pick<
  VoicemailStore,
  | "open"
  | "boxSince"
  | "recording"
  | "recordingBoxes"
  | "deliveredOf"
  | "markUrgent"
  | "stateOf"
  | "openedOne"
  | "deliver"
  | "drop"
  | "count"
  | "listFor"
  | "delivered"
  | "find"
  | "changesSince"
  | "counts"
  | "mark"
  | "claimMessage"
  | "expired"
  | "remove"
>;

/** The messages of one database. */
export class VoicemailStore {
  constructor(private readonly database: Database) {}

  /** Writes rows for messages that are about to be recorded; rows that exist stay as they are. */
  open(messages: readonly NewMessage[]): Promise<void> {
    return this.database.transaction(async () => {
      for (const message of messages) await this.#open(message);
    });
  }

  async #open(message: NewMessage): Promise<void> {
    await this.database.run(
      `INSERT OR IGNORE INTO messages
         (id, box, state, call, caller_number, caller_name, called, began_ms, forwarded_by, alone)
       VALUES (?, ?, 'recording', ?, ?, ?, ?, ?, ?, ?)`,
      [
        message.id,
        await this.#boxNow(message),
        message.call,
        message.callerNumber,
        message.callerName,
        message.called,
        message.beganMs,
        message.forwardedBy ?? null,
        message.alone === true ? 1 : 0,
      ],
    );
  }

  #boxNow({ box, revision }: NewMessage): Promise<string> | string {
    return revision === undefined ? box : boxSince(this.database, box, revision);
  }

  /** The name of a mailbox now, for a call that began with a revision; see `successors.ts`. */
  boxSince(box: string, revision: number): Promise<string> {
    return boxSince(this.database, box, revision);
  }

  /** Messages that were opened and neither delivered nor dropped yet. */
  async recording(): Promise<OpenMessage[]> {
    const rows = await this.database.all<OpenedRow & { readonly urgent: number }>(
      `SELECT ${OPEN_COLUMNS}, alone, urgent FROM messages WHERE state = 'recording' ORDER BY began_ms, id`,
    );
    return rows.map(({ urgent, ...row }) => ({ ...opened(row), urgent: urgent === 1 }));
  }

  /** What a call has left in a mailbox so far, copies not counted. The index of the mailbox's messages serves it. */
  deliveredOf(call: string, box: string): Promise<DeliveredTake[]> {
    return this.database.all<DeliveredTake>(
      `SELECT id, began_ms AS beganMs FROM messages
       WHERE box = ? AND state = 'delivered' AND call = ? AND forwarded_by IS NULL`,
      [box, call],
    );
  }

  /** Marks a message before its delivery, so that a recovered message of a lost call is still urgent. */
  markUrgent(id: string, urgent: boolean): Promise<void> {
    return this.database.run("UPDATE messages SET urgent = ? WHERE id = ? AND state = 'recording'", [
      urgent ? 1 : 0,
      id,
    ]);
  }

  /** How many messages of {@link recording} each mailbox has. */
  recordingBoxes(): Promise<BoxMessages[]> {
    return this.database.all(
      "SELECT box, count(*) AS messages FROM messages WHERE state = 'recording' GROUP BY box ORDER BY box",
    );
  }

  /** The state of a message; undefined: there is no such message. */
  async stateOf(id: string): Promise<"recording" | "delivered" | undefined> {
    const row = await this.database.get<{ state: "recording" | "delivered" }>(
      "SELECT state FROM messages WHERE id = ?",
      [id],
    );
    return row?.state;
  }

  async openedOne(id: string): Promise<NewMessage | undefined> {
    const row = await this.database.get<OpenedRow>(
      `SELECT ${OPEN_COLUMNS}, alone FROM messages WHERE id = ?`,
      [id],
    );
    return row && opened(row);
  }

  /** Delivers a message. False: it was delivered already, belongs to another mailbox now, or does not exist. */
  deliver(id: string, delivery: Delivery): Promise<boolean> {
    return this.database.transaction(async (rollback) => {
      const row = await this.database.get<{ noMails: number }>(
        "SELECT no_mails AS noMails FROM messages WHERE id = ? AND state = 'recording' AND box = ?",
        [id, delivery.box],
      );
      if (row === undefined) {
        rollback();
        return false;
      }
      await this.#deliver(id, row.noMails === 1 ? { ...delivery, mails: [] } : delivery);
      return true;
    });
  }

  /**
   * Delivers a copy whose file was made as a draft: all at once, since an engine that finds the row of a copy without a call
   * would settle it.
   * @returns false: the draft is gone, or its mailbox has another name by now
   */
  deliverDraft(copy: NewMessage, delivery: Delivery): Promise<boolean> {
    return this.database.transaction(async (rollback) => {
      const drafts = await this.database.runReturning("DELETE FROM drafts WHERE id = ? RETURNING id", [
        copy.id,
      ]);
      if (drafts.length === 0 || (await this.#boxNow(copy)) !== copy.box) {
        rollback();
        return false;
      }
      await this.#open(copy);
      await this.#deliver(copy.id, delivery);
      return true;
    });
  }

  async #deliver(
    id: string,
    { deliveredMs, lengthMs, bytes, sha256, urgent, recipients, mails }: Delivery,
  ): Promise<void> {
    await this.database.run(
      `UPDATE messages SET state = 'delivered', delivered_ms = ?, length_ms = ?, bytes = ?, sha256 = ?, urgent = ?
       WHERE id = ?`,
      [deliveredMs, lengthMs, bytes, sha256, urgent ? 1 : 0, id],
    );
    for (const { username, receives } of recipients)
      await this.database.run(
        `INSERT INTO message_members (message, username, state, received, changed_ms)
         VALUES (?, ?, 'new', ?, ?)`,
        [id, username, receives ? 1 : 0, deliveredMs],
      );
    for (const { username, address } of mails)
      await this.database.run(
        `INSERT INTO outbox (message, username, address, state, next_ms) VALUES (?, ?, ?, 'waiting', ?)`,
        [id, username, address, deliveredMs],
      );
  }

  /** Removes a message that was not delivered. Its file must be removed first. */
  drop(id: string): Promise<void> {
    return this.database.run("DELETE FROM messages WHERE id = ? AND state = 'recording'", [id]);
  }

  /** How many messages count against a mailbox's limit: all but those that every member has deleted. */
  async count(box: string): Promise<number> {
    const row = await this.database.get<{ n: number }>(
      `SELECT count(*) AS n FROM messages WHERE state = 'delivered' AND deleted_ms IS NULL AND box = ?
         AND NOT (EXISTS (SELECT 1 FROM message_members WHERE message = id AND state = 'deleted')
           AND NOT EXISTS (SELECT 1 FROM message_members WHERE message = id AND state <> 'deleted'))`,
      [box],
    );
    return row?.n ?? 0;
  }

  /** How many messages not deleted for all each mailbox has; empty mailboxes are left out. */
  boxes(): Promise<BoxMessages[]> {
    return this.database.all(
      `SELECT box, count(*) AS messages FROM messages
       WHERE state = 'delivered' AND deleted_ms IS NULL GROUP BY box ORDER BY box`,
    );
  }

  /** Delivered messages, including deleted ones, the oldest first. */
  async list(box?: string): Promise<Message[]> {
    const rows = await this.database.all<Row>(
      `SELECT ${COLUMNS} FROM messages WHERE state = 'delivered'${box === undefined ? "" : " AND box = ?"}
       ORDER BY delivered_ms, id`,
      box === undefined ? [] : [box],
    );
    return rows.map(read);
  }

  /**
   * Ids of the messages a member hears in a mailbox: the new messages, urgent ones first, then the oldest first; or the
   * old messages, the newest first.
   * @param unreceived also messages that came while the member's voicemail was switched off
   */
  async listFor(
    box: string,
    username: string,
    list: "new" | "old",
    unreceived: boolean,
    max: number,
  ): Promise<string[]> {
    const rows = await this.database.all<{ id: string }>(
      `SELECT id FROM messages JOIN message_members AS m ON m.message = id
       WHERE box = ? AND username = ? AND deleted_ms IS NULL AND received >= ?
         AND m.state ${list === "new" ? "= 'new'" : "IN ('heard', 'saved')"}
       ORDER BY ${list === "new" ? "urgent DESC, delivered_ms, id" : "delivered_ms DESC, id"} LIMIT ?`,
      [box, username, unreceived ? 0 : 1, max],
    );
    return rows.map(({ id }) => id);
  }

  /** A delivered message; undefined: there is none of this id, or it was deleted for all. */
  async delivered(id: string): Promise<Message | undefined> {
    const row = await this.database.get<Row>(
      `SELECT ${COLUMNS} FROM messages WHERE state = 'delivered' AND deleted_ms IS NULL AND id = ?`,
      [id],
    );
    return row && read(row);
  }

  /** A delivered message by its whole id, also one that was deleted for all. */
  async one(id: string): Promise<Message | undefined> {
    const row = await this.database.get<Row>(
      `SELECT ${COLUMNS} FROM messages WHERE state = 'delivered' AND id = ?`,
      [id],
    );
    return row && read(row);
  }

  /** Messages of some mailboxes, the newest first. Of each mailbox its newest are found in order, and of all these the newest. */
  async page(
    { boxes, reader, withDeletedForAll = false }: MessageQuery,
    { limit, after }: MessagePage,
  ): Promise<Message[]> {
    const found: MessageKey[] = [];
    const [beforeMs, beforeId] = after === undefined ? [null, ""] : [after.deliveredMs, after.id];
    for (const { box, unreceived } of boxes)
      found.push(
        ...(await this.database.all<MessageKey>(
          `SELECT messages.id, delivered_ms AS deliveredMs FROM messages
             LEFT JOIN message_members AS m ON m.message = messages.id AND m.username = ?2
           WHERE box = ?1 AND messages.state = 'delivered' AND (deleted_ms IS NULL OR ?3)
             AND (?2 IS NULL OR (m.received >= ?4 AND m.state IN (SELECT value FROM json_each(?5))))
             AND (?6 IS NULL OR delivered_ms < ?6 OR (delivered_ms = ?6 AND messages.id < ?7))
           ORDER BY delivered_ms DESC, messages.id DESC LIMIT ?8`,
          [
            ...[box, reader?.username ?? null, withDeletedForAll ? 1 : 0, unreceived ? 0 : 1],
            ...[JSON.stringify(reader?.states ?? []), beforeMs, beforeId, limit],
          ],
        )),
      );
    const ids = found.sort(newestFirst).slice(0, limit);
    const rows = await this.database.all<Row>(
      `SELECT ${COLUMNS} FROM messages WHERE id IN (SELECT value FROM json_each(?))
       ORDER BY delivered_ms DESC, id DESC`,
      [JSON.stringify(ids.map(({ id }) => id))],
    );
    return rows.map(read);
  }

  /** The messages whose id begins with this text, at most ten. */
  async find(idStart: string): Promise<Message[]> {
    const rows = await this.database.all<Row>(
      `SELECT ${COLUMNS} FROM messages WHERE state = 'delivered' AND substr(id, 1, ?) = ? ORDER BY id LIMIT 10`,
      [idStart.length, idStart],
    );
    return rows.map(read);
  }

  /**
   * The users whose messages have changed since a serial, by whatever process; -1 for all. Cheap enough to ask several
   * times a second. A serial above all of this database is from another database.
   */
  async changesSince(serial: number): Promise<MessageChanges> {
    const rows = await this.database.all<{ username: string; serial: number }>(
      "SELECT username, serial FROM message_changes WHERE serial > ? ORDER BY serial",
      [serial],
    );
    const newest = rows.at(-1)?.serial ?? (await this.#newestSerial());
    if (newest < serial) return { serial: newest, everything: true, usernames: [] };
    return { serial: newest, everything: serial < 0, usernames: rows.map(({ username }) => username) };
  }

  async #newestSerial(): Promise<number> {
    const row = await this.database.get<{ serial: number | null }>(
      "SELECT max(serial) AS serial FROM message_changes",
    );
    return row?.serial ?? 0;
  }

  /** How many messages every member, one, or some have in each mailbox. */
  async counts(who?: string | readonly string[]): Promise<MemberCount[]> {
    const some = who === undefined ? "" : " AND username IN (SELECT value FROM json_each(?))";
    const rows = await this.database.all<Omit<MemberCount, "received"> & { readonly received: number }>(
      `SELECT username, box, received,
         sum(m.state = 'new' AND urgent = 0) AS fresh, sum(m.state = 'new' AND urgent = 1) AS freshUrgent,
         sum(m.state <> 'new' AND urgent = 0) AS old, sum(m.state <> 'new' AND urgent = 1) AS oldUrgent
       FROM message_members AS m JOIN messages ON messages.id = m.message
       WHERE m.state <> 'deleted' AND deleted_ms IS NULL${some}
       GROUP BY username, box, received`,
      who === undefined ? [] : [JSON.stringify(typeof who === "string" ? [who] : who)],
    );
    return rows.map((row) => ({ ...row, received: row.received === 1 }));
  }

  /** Sets a member's state of a message, and who heard it first. False: the message is not theirs. */
  mark(id: string, username: string, state: MemberState, atMs: number): Promise<boolean> {
    return this.#changeOne(
      "SELECT 1 FROM message_members WHERE message = ? AND username = ?",
      [id, username],
      async () => {
        await this.database.run(
          "UPDATE message_members SET state = ?, changed_ms = ? WHERE message = ? AND username = ?",
          [state, atMs, id, username],
        );
        if (state !== "deleted" && state !== "new")
          await this.database.run(
            "UPDATE messages SET heard_by = ?, heard_ms = ? WHERE id = ? AND heard_by IS NULL",
            [username, atMs, id],
          );
      },
    );
  }

  /** Deletes a message for all, or restores it (`atMs` null). False: there is no such message, or nothing to change. */
  deleteForAll(id: string, atMs: number | null): Promise<boolean> {
    return this.#changeOne(
      `SELECT 1 FROM messages WHERE id = ? AND state = 'delivered' AND (deleted_ms IS NULL) = ?`,
      [id, atMs === null ? 0 : 1],
      () => this.database.run("UPDATE messages SET deleted_ms = ? WHERE id = ?", [atMs, id]),
    );
  }

  /** Claims a message for calling its caller back, or releases it (null). Not done: `by` has claimed it before. */
  claimMessage(
    id: string,
    username: string | null,
    atMs: number,
  ): Promise<{ readonly done: boolean; readonly by: string | null }> {
    return this.database.transaction(async () => {
      const row = await this.database.get<{ by: string | null }>(
        "SELECT claimed_by AS by FROM messages WHERE id = ? AND state = 'delivered'",
        [id],
      );
      const held = row?.by ?? null;
      if (row === undefined || (username !== null && held !== null && held !== username))
        return { done: false, by: held };
      await this.database.run("UPDATE messages SET claimed_by = ?, claimed_ms = ? WHERE id = ?", [
        username,
        username === null ? null : atMs,
        id,
      ]);
      return { done: true, by: username };
    });
  }

  /** Ids of messages that were deleted for all or by every member before `beforeMs`. */
  async expired(beforeMs: number): Promise<string[]> {
    const rows = await this.database.all<{ id: string }>(
      // Each half searches an index of what was deleted. With an ORDER BY here SQLite would go through all messages.
      `SELECT id FROM messages WHERE deleted_ms < ?1 AND state = 'delivered'
       UNION ALL
       SELECT message FROM (
         SELECT DISTINCT message FROM message_members WHERE state = 'deleted' AND received = 1 AND changed_ms < ?1
       ) AS one WHERE NOT EXISTS (
         SELECT 1 FROM message_members AS m WHERE m.message = one.message
           AND ((m.state <> 'deleted' AND m.received = 1) OR (m.state = 'deleted' AND m.changed_ms >= ?1)
             OR (m.received = 1 AND m.changed_ms >= ?1)))`,
      [beforeMs],
    );
    return [...new Set(rows.map(({ id }) => id))].sort();
  }

  /** Removes a delivered message. Its file must be removed first. */
  remove(id: string): Promise<void> {
    return this.database.run("DELETE FROM messages WHERE id = ?", [id]);
  }

  #changeOne(exists: string, values: readonly SqlValue[], change: () => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (rollback) => {
      if ((await this.database.get(exists, values)) === undefined) {
        rollback();
        return false;
      }
      await change();
      return true;
    });
  }
}

function newestFirst(one: MessageKey, other: MessageKey): number {
  return other.deliveredMs - one.deliveredMs || (one.id < other.id ? 1 : -1);
}

type OpenedRow = Omit<NewMessage, "alone" | "revision"> & { readonly alone: number };

function opened({ alone, ...row }: OpenedRow): NewMessage {
  return alone === 1 ? { ...row, alone: true } : row;
}

function read(row: Row): Message {
  const members = JSON.parse(row.members) as Array<{
    readonly username: string;
    readonly state: MemberState;
    readonly received: number;
  }>;
  return {
    ...row,
    urgent: row.urgent === 1,
    members: members.map((member) => ({ ...member, received: member.received === 1 })),
  };
}
