/**
 * The mailroom: opens messages before they are recorded, delivers them once, and looks after recordings that
 * nobody looks after any more. At every moment either a call is recording, or the message can be found by its
 * row: written before the recording begins, and only taken away together with its file.
 *
 * Deliveries are tried until they succeed; a database that is busy for a moment costs no message.
 */
import type { Logger } from "pino";
import { MESSAGE_MIN_MS } from "../../policy/call/bounds.js";
import type { RecordedGreeting } from "../../policy/call/mailbox-requests.js";
import { mailboxSettings, mailedMembers, recipients, roomIn } from "../../policy/mailbox/mailbox.js";
import { type Box, boxName, parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Delivery, MessageStore, NewMessage } from "../../storage/voicemail.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import type { NoSound, RecordingFolder, Sound } from "./recordings.js";
import { TELEPHONE_RATE } from "./telephone-wav.js";
import type { MessageDesk, Opened, OpenRequest } from "./voicemail-port.js";
import { BYTES_PER_SAMPLE } from "./wav.js";

export interface MailroomDeps {
  readonly store: MessageStore;
  readonly recordings: RecordingFolder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** The newest office: who gets a message is decided when it is delivered. */
  readonly table: () => RoutingTable;
  /** What the owner of a mailbox has recorded for its callers. */
  readonly greetings: (box: string) => Promise<readonly RecordedGreeting[]>;
  /** Whether mails about messages are written; without a mail server they would only pile up. */
  readonly mails: boolean;
  /** A message is in this mailbox now, or something about one has changed. */
  readonly changed: (box: Box) => void;
}

/** As the switch records: 8 kHz, 16 bit, mono. */
const BYTES_PER_MS = (TELEPHONE_RATE * BYTES_PER_SAMPLE) / 1_000;
/** Waits between tries of a delivery that failed. */
const RETRY = { firstMs: 500, maxMs: 60_000 } as const;
/** How long closing waits for deliveries. */
const CLOSE_MS = 2_000;

interface Waiting {
  readonly message: NewMessage;
  readonly done: (written: boolean) => void;
}

export class Mailroom implements Omit<MessageDesk, "ask" | "missed"> {
  readonly #deps: MailroomDeps;
  /** Rows to be written with the next transaction: callers of one moment share one. */
  #waiting: Waiting[] = [];
  #writing = false;
  /** What messages may write whose rows are not written yet. */
  #openingBytes = 0;
  /** Messages on their way to the mailbox, or away. */
  readonly #settling = new Map<string, Promise<boolean>>();
  /** Told already. */
  readonly #unreadable = new Set<string>();
  #closed = false;

  constructor(deps: MailroomDeps) {
    this.#deps = deps;
  }

  get folder(): string {
    return this.#deps.recordings.folder;
  }

  open(request: OpenRequest, done: (opened: Opened) => void): void {
    this.#open(request).then(done, (error: unknown) => {
      this.#deps.log.error({ err: error, message: request.id }, "a mailbox cannot be opened");
      done({ refused: "unavailable", greetings: [] });
    });
  }

  async #open(request: OpenRequest): Promise<Opened> {
    const bytes = mailboxSettings(request.box, this.#deps.table()).limitMs * BYTES_PER_MS;
    this.#openingBytes += bytes;
    try {
      return await this.#openNow(request);
    } finally {
      // From its row on it is counted by that.
      this.#openingBytes -= bytes;
    }
  }

  async #openNow(request: OpenRequest): Promise<Opened> {
    const { store, log, table } = this.#deps;
    const box = boxName(request.box);
    if (await this.#hasNoRoom()) return { refused: "unavailable", greetings: [] };
    const count = await store.count(box);
    const room = roomIn(request.box, count, table());
    if (room === "none") {
      log.warn({ box, count }, "a mailbox is full: messages are refused");
      return { refused: "full", greetings: [] };
    }
    if (room === "little") log.warn({ box, count }, "a mailbox is nearly full");
    const { id, callId: call, callerNumber, callerName, called, atMs: beganMs } = request;
    await this.#write({ id, box, call, callerNumber, callerName, called, beganMs });
    return { refused: null, greetings: await this.#greetings(box) };
  }

  /** No caller is refused for a greeting: the next best is heard. */
  #greetings(box: string): Promise<readonly RecordedGreeting[]> {
    return this.#deps.greetings(box).catch((error: unknown) => {
      this.#deps.log.error({ err: error, box }, "the greetings of a mailbox cannot be looked up");
      return [];
    });
  }

  /** What the messages that are being recorded may still write, each to its limit. */
  async #bytesToCome(): Promise<number> {
    const table = this.#deps.table();
    let bytes = 0;
    for (const { box: name, messages } of await this.#deps.store.recordingBoxes()) {
      const box = parseBox(name);
      if (box !== undefined) bytes += messages * mailboxSettings(box, table).limitMs * BYTES_PER_MS;
    }
    return bytes + this.#openingBytes;
  }

  /** Said as an error, and counted by whoever watches the log: an operator has to act. */
  async #hasNoRoom(): Promise<boolean> {
    const { recordings, log } = this.#deps;
    const why = await recordings.noRoom(await this.#bytesToCome());
    if (why === undefined) return false;
    log.error({ folder: recordings.folder, ...why }, "no messages can be taken: no room for recordings");
    return true;
  }

  #write(message: NewMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        message,
        done: (written) => (written ? resolve() : reject(new Error("the message's row was not written"))),
      });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const written = await this.#deps.store.open(batch.map(({ message }) => message)).then(
        () => true,
        (error: unknown) => {
          this.#deps.log.error({ err: error }, "rows of messages cannot be written");
          return false;
        },
      );
      for (const { done } of batch) done(written);
    }
    this.#writing = false;
  }

  measure(id: string, done: (soundMs: number) => void): void {
    void this.#deps.recordings.measure(id).then((sound) => {
      // What cannot be read may hold a message: it is kept, and delivering it tells the operator.
      if (sound === "unreadable") done(MESSAGE_MIN_MS);
      else done(typeof sound === "string" ? 0 : sound.soundMs);
    });
  }

  deliver(ids: readonly string[], urgent: boolean, done: (kept: boolean) => void): void {
    void this.#deliverFirst(ids, urgent).then(done);
  }

  /**
   * A copy for another mailbox, from its row on: whatever happens, it is delivered once or known to be nothing.
   * @param make writes its file; false: it cannot be
   * @returns whether it is in the mailbox
   */
  forward(message: NewMessage, urgent: boolean, make: () => Promise<boolean>): Promise<boolean> {
    const { store } = this.#deps;
    return this.#settle(message.id, async () => {
      if ((await store.stateOf(message.id)) === "delivered") return true;
      await store.open([message]);
      if (await make()) return this.#deliver(message.id, urgent);
      await this.#drop(message.id);
      return false;
    });
  }

  drop(id: string): void {
    void this.#settle(id, () => this.#drop(id).then(() => false));
  }

  markUrgent(id: string, urgent: boolean): void {
    void this.#settle(id, () => this.#deps.store.markUrgent(id, urgent).then(() => false));
  }

  async #deliverFirst(ids: readonly string[], urgent: boolean): Promise<boolean> {
    let kept = false;
    for (const id of ids) {
      const drop = kept;
      const was = await this.#settle(id, () =>
        drop ? this.#drop(id).then(() => false) : this.#deliver(id, urgent),
      );
      kept = kept || was;
    }
    return kept;
  }

  /** One thing at a time for a message, tried until it is done. Resolves whether it is in the mailbox. */
  #settle(id: string, work: () => Promise<boolean>): Promise<boolean> {
    const before = this.#settling.get(id) ?? Promise.resolve(false);
    const now = before.then(() => this.#untilDone(id, work, 0));
    this.#settling.set(id, now);
    void now.then(() => {
      if (this.#settling.get(id) === now) this.#settling.delete(id);
    });
    return now;
  }

  async #untilDone(id: string, work: () => Promise<boolean>, attempt: number): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (this.#closed) return false; // The next start finds it by its row.
      const { clock, ids, log } = this.#deps;
      const inMs = backoffMs(attempt, { ...RETRY, ids });
      log.error({ err: error, message: id, inMs }, "a message is not delivered yet; it is tried again");
      await new Promise<void>((resolve) => void clock.after(inMs, resolve));
      return this.#untilDone(id, work, attempt + 1);
    }
  }

  async #deliver(id: string, urgent: boolean): Promise<boolean> {
    const { store, recordings, clock, log } = this.#deps;
    const row = await store.openedOne(id);
    if (row === undefined) return false;
    if ((await store.stateOf(id)) === "delivered") return true;
    const sound = await recordings.seal(id);
    if (!isMessage(sound)) {
      if (sound === "unreadable") {
        // Not ours to throw away: the row stays, and the operator is told.
        if (!this.#unreadable.has(id))
          log.error(
            { message: id, file: recordings.path(id) },
            "a recording cannot be read; it is left as it is",
          );
        this.#unreadable.add(id);
        return false;
      }
      await this.#drop(id);
      return false;
    }
    const box = parseBox(row.box);
    if (box === undefined) throw new Error(`message ${id} is for no mailbox: ${row.box}`);
    const delivered = await store.deliver(id, {
      box: row.box,
      deliveredMs: clock.nowMs(),
      lengthMs: sound.lengthMs,
      bytes: sound.bytes,
      sha256: sound.sha256,
      urgent,
      recipients: recipients(box, this.#deps.table()),
      mails: this.#mails(box),
    });
    if (delivered) {
      log.info(
        { message: id, box: row.box, call: row.call, lengthMs: sound.lengthMs, urgent },
        "message delivered",
      );
      this.#deps.changed(box);
    }
    return true;
  }

  /** The members who get the message and have an address, where the mailbox wants mail. */
  #mails(box: Box): Delivery["mails"] {
    const table = this.#deps.table();
    if (!this.#deps.mails || mailboxSettings(box, table).email === "none") return [];
    return mailedMembers(box, table);
  }

  async #drop(id: string): Promise<void> {
    if ((await this.#deps.store.stateOf(id)) !== "recording") return;
    await this.#deps.recordings.remove(id);
    await this.#deps.store.drop(id);
  }

  /**
   * Recordings that no call tends any more: left by a crash of this engine or of the switch, or by an answer
   * that was lost. Of one call's takes for a mailbox the last that is long enough is its message.
   * @param tended whether a call is still recording, or about to
   */
  async recover(tended: (call: string) => Promise<boolean>): Promise<void> {
    // Without its folder nobody can say that a recording is not there.
    const noRoom = await this.#deps.recordings.noRoom(0);
    if (noRoom !== undefined && noRoom.why !== "disk_full") return;
    const visits = new Map<
      string,
      { readonly call: string; readonly ids: string[]; readonly urgent: boolean }
    >();
    for (const { id, call, box, urgent } of await this.#deps.store.recording()) {
      if (this.#settling.has(id)) continue;
      const key = `${call} ${box}`;
      const before = visits.get(key);
      // What the caller said of one take is said of all.
      visits.set(key, {
        call,
        ids: [id, ...(before?.ids ?? [])],
        urgent: urgent || before?.urgent === true,
      });
    }
    for (const { call, ids, urgent } of visits.values()) {
      if (await tended(call)) continue;
      const kept = await this.#deliverFirst(ids, urgent);
      const left = ids.filter((id) => this.#unreadable.has(id));
      if (left.length < ids.length)
        this.#deps.log.warn({ call, messages: ids, kept }, "a recording was left behind; it is settled");
    }
  }

  /** Waits a moment for what is on its way; the next start does the rest. */
  async close(): Promise<void> {
    this.#closed = true;
    const { clock } = this.#deps;
    await new Promise<void>((resolve) => {
      const late = clock.after(CLOSE_MS, resolve);
      void Promise.all(this.#settling.values()).then(() => {
        clock.cancel(late);
        resolve();
      });
    });
  }
}

function isMessage(sound: Sound | NoSound): sound is Sound {
  return typeof sound !== "string" && sound.soundMs >= MESSAGE_MIN_MS;
}
