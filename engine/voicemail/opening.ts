/**
 * Opens messages before they are recorded: looks whether the mailbox and the disk have room, and writes the message's
 * row, by which its recording is found whatever dies.
 *
 * A caller does not wait for a busy database, and is not refused for it: an apply may hold the write lock for many
 * seconds. If the row is not written soon, it is kept as a note beside the recording, so that another engine finds it
 * even if this one dies, and the caller is recorded all the same. The row is written when it can be.
 */
import type { Logger } from "pino";
import type { Answer, MessageAsk, RecordedGreeting } from "../../policy/call/mailbox-requests.js";
import { mailboxSettings, roomIn } from "../../policy/mailbox/mailbox.js";
import { type Box, boxName, parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { BoxMessages, MessageStore, NewMessage } from "../../storage/voicemail.js";
import type { Clock } from "../clock.js";
import type { NoRoom, RecordingFolder } from "./recordings.js";
import { type NotedRow, readRowNote, rowNote } from "./row-note.js";
import { TELEPHONE_RATE } from "./telephone-wav.js";
import type { Asker } from "./voicemail-port.js";
import { BYTES_PER_SAMPLE } from "./wav.js";
import { within } from "./within.js";

export interface OpeningDeps {
  readonly store: MessageStore;
  readonly recordings: RecordingFolder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly table: () => RoutingTable;
  /** The greetings recorded or uploaded for a mailbox. */
  readonly greetings: (box: string) => Promise<readonly RecordedGreeting[]>;
  /** Whether a call is in progress. */
  readonly isAlive: (call: string) => Promise<boolean>;
  /**
   * Runs work on a message before any later work on it, again and again until it succeeds. Resolves to whether it has:
   * the engine may be closed before.
   */
  readonly untilDone: (message: string, work: () => Promise<void>) => Promise<boolean>;
}

/** The switch records 8 kHz, 16 bit, mono. */
const BYTES_PER_MS = (TELEPHONE_RATE * BYTES_PER_SAMPLE) / 1_000;
/** How long a caller waits for what the database knows of the mailbox, and after that for the row. */
const LOOK_UP_MS = 500;
const ROW_MS = 300;

interface UnwrittenRow {
  readonly message: NewMessage;
  readonly done: (error?: Error) => void;
}

type OpenAsk = Extract<MessageAsk, { kind: "open_message" }>;

export class Opening {
  readonly #deps: OpeningDeps;
  /** Rows for the next transaction; calls of the same moment share a transaction. */
  #unwritten: UnwrittenRow[] = [];
  #writing = false;
  /** Bytes that messages may take whose rows are not written yet, by the message's id. */
  readonly #unwrittenBytes = new Map<string, number>();

  constructor(deps: OpeningDeps) {
    this.#deps = deps;
  }

  async open(ask: OpenAsk, asker: Asker): Promise<Answer> {
    const { message: id, box: asked, alone = false } = ask;
    const { table, clock, log, untilDone } = this.#deps;
    const { callId: call, revision } = asker;
    const owner = await this.#ownerNow(asked, revision, call);
    const box = boxName(owner);
    this.#unwrittenBytes.set(id, mailboxSettings(owner, table()).limitMs * BYTES_PER_MS);
    const refusal = await this.#refusal(owner, call);
    if (refusal !== undefined) {
      this.#unwrittenBytes.delete(id);
      return refusal;
    }
    const { callerNumber, callerName, called, atMs: beganMs } = asker;
    const row = { id, box: boxName(asked), call, callerNumber, callerName, called, beganMs, alone, revision };
    const greetings = this.#greetings(box, call);
    const written = untilDone(id, () => this.#write(row));
    void written.then(() => this.#unwrittenBytes.delete(id));
    if (!(await within(clock, ROW_MS, written, false))) {
      log.warn(
        { message: id, box, call },
        "the row of a message waits for the database; its caller does not",
      );
      await this.#note(row, written);
    }
    return { kind: "opened", greetings: await greetings };
  }

  /** The owner of the mailbox now: the call may know it by a name of an earlier revision. */
  async #ownerNow(asked: Box, revision: number, call: string): Promise<Box> {
    const name = await this.#soon(this.#deps.store.boxSince(boxName(asked), revision), "its name", call);
    return (name === undefined ? undefined : parseBox(name)) ?? asked;
  }

  async #refusal(owner: Box, call: string): Promise<Answer | undefined> {
    const { store, log, table } = this.#deps;
    const box = boxName(owner);
    const counted = this.#soon(store.count(box), "its messages", call);
    if (await this.#hasNoRoom(call)) return { kind: "failed" };
    const count = await counted;
    // A caller who was recorded once too often is better than one who was refused for nothing.
    const room = count === undefined ? "enough" : roomIn(owner, count, table());
    if (room === "little") log.warn({ call, box, count }, "a mailbox is nearly full");
    if (room !== "none") return undefined;
    log.warn({ call, box, count }, "a mailbox is full: messages are refused");
    return { kind: "refused", why: "full" };
  }

  /** Without recorded greetings the caller hears our own words. */
  async #greetings(box: string, call: string): Promise<readonly RecordedGreeting[]> {
    return (await this.#soon(this.#deps.greetings(box), "its greetings", call)) ?? [];
  }

  /** What the database knows; undefined: it does not say so in time, which refuses no caller. */
  #soon<T>(work: Promise<T>, what: string, call: string): Promise<T | undefined> {
    const found = work.catch((error: unknown) => {
      this.#deps.log.warn(
        { err: error, call, what },
        "a mailbox cannot be looked up; its caller is recorded all the same",
      );
      return undefined;
    });
    return within(this.#deps.clock, LOOK_UP_MS, found, undefined);
  }

  /** Logged as an error: an operator has to act. */
  async #hasNoRoom(call: string): Promise<boolean> {
    const { recordings, log } = this.#deps;
    const why = await this.#noRoom(call);
    if (why === undefined) return false;
    log.error(
      { call, folder: recordings.folder, ...why },
      "no messages can be taken: no room for recordings",
    );
    return true;
  }

  async #noRoom(call: string): Promise<NoRoom | undefined> {
    const { store, recordings } = this.#deps;
    const boxes = (await this.#soon(store.recordingBoxes(), "messages in progress", call)) ?? [];
    const noRoom = await recordings.noRoom(this.#bytesToCome(boxes));
    if (noRoom?.why !== "disk_full") return noRoom;
    // A row whose call is over needs no more room: its recording cannot be read, and nobody makes it any longer.
    const tended = await this.#tended(call);
    return recordings.noRoom(this.#bytesToCome(tended));
  }

  /** Bytes that messages being recorded may still take, each up to its limit. */
  #bytesToCome(boxes: readonly BoxMessages[]): number {
    const table = this.#deps.table();
    let bytes = 0;
    for (const { box: name, messages } of boxes) {
      const box = parseBox(name);
      if (box !== undefined) bytes += messages * mailboxSettings(box, table).limitMs * BYTES_PER_MS;
    }
    for (const more of this.#unwrittenBytes.values()) bytes += more;
    return bytes;
  }

  /** The messages whose calls are in progress. */
  async #tended(asking: string): Promise<readonly BoxMessages[]> {
    const rows = (await this.#soon(this.#deps.store.recording(), "messages in progress", asking)) ?? [];
    const calls = new Map<string, Promise<boolean>>();
    const tended: BoxMessages[] = [];
    for (const { box, call } of rows) {
      const isAlive = calls.get(call) ?? this.#deps.isAlive(call);
      calls.set(call, isAlive);
      if (await isAlive) tended.push({ box, messages: 1 });
    }
    return tended;
  }

  #write(message: NewMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => (error === undefined ? resolve() : reject(error));
      this.#unwritten.push({ message, done });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#unwritten.length > 0) {
      const batch = this.#unwritten;
      this.#unwritten = [];
      const error = await this.#deps.store.open(batch.map(({ message }) => message)).then(
        () => undefined,
        (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
      );
      for (const { done } of batch) done(error);
    }
    this.#writing = false;
  }

  /** Keeps the row beside the recording until it is written. */
  async #note(row: NotedRow, written: Promise<boolean>): Promise<void> {
    const { recordings, log } = this.#deps;
    try {
      await recordings.keepNote(row.id, rowNote(row));
    } catch (error) {
      log.error({ err: error, message: row.id }, "the row of a message cannot be kept beside its recording");
      return;
    }
    void written.then((isWritten) => (isWritten ? this.#forgetNote(row.id) : undefined));
  }

  #forgetNote(id: string): Promise<void> {
    return this.#deps.recordings.forgetNote(id).catch((error: unknown) => {
      this.#deps.log.error({ err: error, message: id }, "a note beside a recording cannot be removed");
    });
  }

  /**
   * Writes the rows that an engine had noted and not written before it died.
   * @param only the row of this message; left out: all
   */
  async adopt(only?: string): Promise<void> {
    const { recordings, store, log } = this.#deps;
    for (const { id, text } of await recordings.notes()) {
      if (only !== undefined && id !== only) continue;
      const row = readRowNote(text);
      if (row?.id !== id) {
        log.error({ message: id }, "a note beside a recording cannot be read; it is left as it is");
        continue;
      }
      await store.open([row]);
      await this.#forgetNote(id);
    }
  }
}
