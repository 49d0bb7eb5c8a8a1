/**
 * Opens messages before they are recorded, delivers each once, and recovers recordings that a crash left behind. A
 * message's row is written before its recording begins and deleted only after its file, so that every recording can
 * be found by its row.
 *
 * A delivery is tried until it succeeds: a busy database costs no message.
 */
import type { Logger } from "pino";
import { MESSAGE_MIN_MS } from "../../policy/call/bounds.js";
import type { Answer, MessageAsk, RecordedGreeting } from "../../policy/call/mailbox-requests.js";
import { mailboxSettings, mailedMembers, recipients, roomIn } from "../../policy/mailbox/mailbox.js";
import { type Box, boxName, parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Delivery, MessageStore, NewMessage } from "../../storage/voicemail.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import type { NoSound, RecordingFolder, Sound } from "./recordings.js";
import { TELEPHONE_RATE } from "./telephone-wav.js";
import type { Asker } from "./voicemail-port.js";
import { BYTES_PER_SAMPLE } from "./wav.js";

export interface MailroomDeps {
  readonly store: MessageStore;
  readonly recordings: RecordingFolder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** The newest office: the recipients of a message are decided when it is delivered. */
  readonly table: () => RoutingTable;
  /** The greetings recorded or uploaded for a mailbox. */
  readonly greetings: (box: string) => Promise<readonly RecordedGreeting[]>;
  /** Whether mails about messages are written; without a mail server they would pile up. */
  readonly mails: boolean;
  /** A message was delivered to this mailbox. */
  readonly onChange: (box: Box) => void;
}

/** The switch records 8 kHz, 16 bit, mono. */
const BYTES_PER_MS = (TELEPHONE_RATE * BYTES_PER_SAMPLE) / 1_000;
/** Waits between the attempts of a delivery. */
const RETRY = { firstMs: 500, maxMs: 60_000 } as const;
/** How long `close` waits for deliveries. */
const CLOSE_MS = 2_000;

interface UnwrittenRow {
  readonly message: NewMessage;
  readonly done: (written: boolean) => void;
}

type OpenMessage = Extract<MessageAsk, { kind: "open_message" }>;

const DONE: Answer = { kind: "done" };

export class Mailroom {
  readonly #deps: MailroomDeps;
  /** Rows for the next transaction; calls of the same moment share a transaction. */
  #unwritten: UnwrittenRow[] = [];
  #writing = false;
  /** Bytes reserved for messages whose rows are not written yet. */
  #openingBytes = 0;
  /** Messages being delivered, dropped or marked, with the end of the last such work. */
  readonly #underWay = new Map<string, Promise<boolean>>();
  /** Recordings that were logged as unreadable, so that each is logged once. */
  readonly #unreadable = new Set<string>();
  #closed = false;

  constructor(deps: MailroomDeps) {
    this.#deps = deps;
  }

  get folder(): string {
    return this.#deps.recordings.folder;
  }

  /** Answers the call of somebody who leaves a message; the same question twice is carried out once. */
  ask(ask: MessageAsk, asker: Asker, done: (answer: Answer) => void): void {
    this.#answer(ask, asker).then(done, (error: unknown) => {
      this.#deps.log.error({ err: error, asked: ask.kind, call: asker.callId }, "a mailbox cannot be asked");
      done({ kind: "failed" });
    });
  }

  #answer(ask: MessageAsk, asker: Asker): Promise<Answer> {
    switch (ask.kind) {
      case "open_message":
        return this.#open(ask, asker);
      case "measure_message":
        return this.#measure(ask.message);
      case "deliver_message":
        return this.#deliverFirst(ask.messages, ask.urgent).then((kept) => ({ kind: "delivered", kept }));
      case "drop_message":
        return this.#inOrder(ask.message, () => this.#drop(ask.message).then(() => false)).then(() => DONE);
      case "mark_urgent":
        return this.#markUrgent(ask.message, ask.urgent);
    }
  }

  async #open(ask: OpenMessage, asker: Asker): Promise<Answer> {
    const bytes = mailboxSettings(ask.box, this.#deps.table()).limitMs * BYTES_PER_MS;
    this.#openingBytes += bytes;
    try {
      return await this.#openNow(ask, asker);
    } catch (error) {
      this.#deps.log.error({ err: error, message: ask.message }, "a mailbox cannot be opened");
      return { kind: "failed" };
    } finally {
      // From here on the message is counted by its row.
      this.#openingBytes -= bytes;
    }
  }

  async #openNow({ message: id, box: owner }: OpenMessage, asker: Asker): Promise<Answer> {
    const { store, log, table } = this.#deps;
    const box = boxName(owner);
    if (await this.#hasNoRoom()) return { kind: "failed" };
    const count = await store.count(box);
    const room = roomIn(owner, count, table());
    if (room === "none") {
      log.warn({ box, count }, "a mailbox is full: messages are refused");
      return { kind: "refused", why: "full" };
    }
    if (room === "little") log.warn({ box, count }, "a mailbox is nearly full");
    const { callId: call, callerNumber, callerName, called, atMs: beganMs } = asker;
    await this.#write({ id, box, call, callerNumber, callerName, called, beganMs });
    return { kind: "opened", greetings: await this.#greetings(box) };
  }

  /** A failed look-up refuses no caller: without recorded greetings the caller hears our own words. */
  #greetings(box: string): Promise<readonly RecordedGreeting[]> {
    return this.#deps.greetings(box).catch((error: unknown) => {
      this.#deps.log.error({ err: error, box }, "the greetings of a mailbox cannot be looked up");
      return [];
    });
  }

  /** Bytes that messages being recorded may still take, each up to its limit. */
  async #bytesToCome(): Promise<number> {
    const table = this.#deps.table();
    let bytes = 0;
    for (const { box: name, messages } of await this.#deps.store.recordingBoxes()) {
      const box = parseBox(name);
      if (box !== undefined) bytes += messages * mailboxSettings(box, table).limitMs * BYTES_PER_MS;
    }
    return bytes + this.#openingBytes;
  }

  /** Logged as an error: an operator has to act. */
  async #hasNoRoom(): Promise<boolean> {
    const { recordings, log } = this.#deps;
    const why = await recordings.noRoom(await this.#bytesToCome());
    if (why === undefined) return false;
    log.error({ folder: recordings.folder, ...why }, "no messages can be taken: no room for recordings");
    return true;
  }

  #write(message: NewMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#unwritten.push({
        message,
        done: (written) => (written ? resolve() : reject(new Error("the message's row was not written"))),
      });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#unwritten.length > 0) {
      const batch = this.#unwritten;
      this.#unwritten = [];
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

  async #measure(id: string): Promise<Answer> {
    const sound = await this.#deps.recordings.measure(id);
    // An unreadable file may contain a message: keep it, and let its delivery log it for the operator.
    if (sound === "unreadable") return { kind: "measured", soundMs: MESSAGE_MIN_MS };
    return { kind: "measured", soundMs: typeof sound === "string" ? 0 : sound.soundMs };
  }

  /**
   * Delivers a copy to another mailbox. Its row is written first, so that after a crash the copy is delivered once or
   * dropped.
   * @param make writes the copy's file; false: it cannot
   * @returns whether the copy is in the mailbox
   */
  forward(message: NewMessage, urgent: boolean, make: () => Promise<boolean>): Promise<boolean> {
    const { store } = this.#deps;
    return this.#inOrder(message.id, async () => {
      if ((await store.stateOf(message.id)) === "delivered") return true;
      await store.open([message]);
      if (await make()) return this.#deliver(message.id, urgent);
      await this.#drop(message.id);
      return false;
    });
  }

  #markUrgent(id: string, urgent: boolean): Promise<Answer> {
    const marked = this.#inOrder(id, () => this.#deps.store.markUrgent(id, urgent).then(() => false));
    return marked.then(() => DONE);
  }

  async #deliverFirst(ids: readonly string[], urgent: boolean): Promise<boolean> {
    let kept = false;
    for (const id of ids) {
      const drop = kept;
      const was = await this.#inOrder(id, () =>
        drop ? this.#drop(id).then(() => false) : this.#deliver(id, urgent),
      );
      kept = kept || was;
    }
    return kept;
  }

  /** Runs work on a message after earlier work on it, until it succeeds. Resolves whether the message is in the mailbox. */
  #inOrder(id: string, work: () => Promise<boolean>): Promise<boolean> {
    const before = this.#underWay.get(id) ?? Promise.resolve(false);
    const now = before.then(() => this.#untilDone(id, work, 0));
    this.#underWay.set(id, now);
    void now.then(() => {
      if (this.#underWay.get(id) === now) this.#underWay.delete(id);
    });
    return now;
  }

  async #untilDone(id: string, work: () => Promise<boolean>, attempt: number): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (this.#closed) return false; // The next start finds the message by its row.
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
        // It may contain a message, so the row and the file stay, and the log tells the operator.
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
      this.#deps.onChange(box);
    }
    return true;
  }

  /** The recipients with an e-mail address, if the mailbox wants mails. */
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
   * Delivers or drops recordings whose call is over: left by a crash of this engine or of the switch, or by an answer
   * that was lost. Of a call's recordings for a mailbox, the last that is long enough is the message.
   * @param isAlive whether the call is still in progress
   */
  async recover(isAlive: (call: string) => Promise<boolean>): Promise<void> {
    // Without the folder every recording would look missing, and its row would be dropped.
    const noRoom = await this.#deps.recordings.noRoom(0);
    if (noRoom !== undefined && noRoom.why !== "disk_full") return;
    const visits = new Map<
      string,
      { readonly call: string; readonly ids: string[]; readonly urgent: boolean }
    >();
    for (const { id, call, box, urgent } of await this.#deps.store.recording()) {
      if (this.#underWay.has(id)) continue;
      const key = `${call} ${box}`;
      const before = visits.get(key);
      // Urgent for one recording of the call is urgent for all.
      visits.set(key, {
        call,
        ids: [id, ...(before?.ids ?? [])],
        urgent: urgent || before?.urgent === true,
      });
    }
    for (const { call, ids, urgent } of visits.values()) {
      if (await isAlive(call)) continue;
      const kept = await this.#deliverFirst(ids, urgent);
      const left = ids.filter((id) => this.#unreadable.has(id));
      if (left.length < ids.length)
        this.#deps.log.warn({ call, messages: ids, kept }, "a recording was left behind; it is settled");
    }
  }

  /** Waits a moment for deliveries under way; the next start does the rest. */
  async close(): Promise<void> {
    this.#closed = true;
    const { clock } = this.#deps;
    await new Promise<void>((resolve) => {
      const late = clock.after(CLOSE_MS, resolve);
      void Promise.all(this.#underWay.values()).then(() => {
        clock.cancel(late);
        resolve();
      });
    });
  }
}

function isMessage(sound: Sound | NoSound): sound is Sound {
  return typeof sound !== "string" && sound.soundMs >= MESSAGE_MIN_MS;
}
