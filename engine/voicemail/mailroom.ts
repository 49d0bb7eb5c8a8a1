/**
 * Delivers each message once, and recovers recordings that a crash left behind. A message's row (or a note of it, see
 * `opening.ts`) is written before its recording begins and deleted only after its file, so that every recording can be
 * found by its row.
 *
 * A delivery is tried until it succeeds: a busy database costs no message.
 */
import type { Logger } from "pino";
import { MESSAGE_MIN_MS } from "../../policy/call/bounds.js";
import type { Answer, MessageAsk, RecordedGreeting } from "../../policy/call/mailbox-requests.js";
import {
  boxOwner,
  mailboxSettings,
  mailedMembers,
  recipients,
  silenceLevelOf,
} from "../../policy/mailbox/mailbox.js";
import type { SilenceLevel } from "../../policy/mailbox/silence.js";
import { type Box, parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type {
  DeliveredTake,
  Delivery,
  MessageStore,
  NewMessage,
  OpenMessage,
} from "../../storage/voicemail.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import { Opening } from "./opening.js";
import type { NoSound, RecordingFolder, Sound } from "./recordings.js";
import type { Asker } from "./voicemail-port.js";
import { within } from "./within.js";

export interface MailroomDeps {
  readonly store: MessageStore;
  readonly recordings: RecordingFolder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** The newest office: the recipients of a message are decided when it is delivered. */
  readonly table: () => RoutingTable;
  /** The same, when the database was asked for a newer one first. */
  readonly newestTable: () => Promise<RoutingTable>;
  /** The greetings recorded or uploaded for a mailbox. */
  readonly greetings: (box: string) => Promise<readonly RecordedGreeting[]>;
  /** Whether a call is in progress; left out: every call counts as in progress. */
  readonly isAlive?: (call: string) => Promise<boolean>;
  /** Whether mails about messages are written; without a mail server they would pile up. */
  readonly mails: boolean;
  /** A message was delivered to this mailbox. */
  readonly onChange: (box: Box) => void;
  /** A message is kept of a call that ended while no engine carried it. */
  readonly onFound?: (call: string, box: string) => void;
}

/** Waits between the attempts of a delivery. */
const RETRY = { firstMs: 500, maxMs: 60_000 } as const;
/** How long a caller waits for the database to say whose message is measured. */
const LOOK_UP_MS = 500;
/** How long `close` waits for deliveries. */
const CLOSE_MS = 2_000;

const DONE: Answer = { kind: "done" };

export class Mailroom {
  readonly #deps: MailroomDeps;
  readonly #opening: Opening;
  /** Messages being delivered, dropped or marked, with the end of the last such work. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** Recordings of a call that are being settled, each list as a whole: a later one may take an earlier one's place. */
  readonly #settling = new Set<readonly string[]>();
  /** Recordings that were logged as unreadable, so that each is logged once. */
  readonly #unreadable = new Set<string>();
  #closed = false;

  constructor(deps: MailroomDeps) {
    this.#deps = deps;
    this.#opening = new Opening({
      isAlive: async () => true,
      ...deps,
      untilDone: async (message, work) =>
        (await this.#inOrder(message, () => work().then(() => DONE))) !== undefined,
    });
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
        return this.#opening.open(ask, asker);
      case "measure_message":
        return this.#measure(ask.message, asker.callId);
      case "deliver_message":
        return this.#settle(ask.messages, ask.urgent).then((kept) => ({ kind: "delivered", kept }));
      case "drop_message":
        return this.#inOrder(ask.message, () => this.#drop(ask.message)).then(() => DONE);
      case "mark_urgent":
        return this.#markUrgent(ask.message, ask.urgent);
    }
  }

  async #measure(id: string, call: string): Promise<Answer> {
    const { recordings, store, clock, log } = this.#deps;
    const row = store.openedOne(id).catch((error: unknown) => {
      log.warn({ err: error, call, message: id }, "the mailbox of a message cannot be looked up");
      return undefined;
    });
    const sound = await recordings.measure(
      id,
      this.#levelOf(await within(clock, LOOK_UP_MS, row, undefined)),
    );
    // An unreadable file may contain a message: keep it, and let its delivery log it for the operator.
    if (sound === "unreadable") return { kind: "measured", soundMs: MESSAGE_MIN_MS };
    return { kind: "measured", soundMs: typeof sound === "string" ? 0 : sound.soundMs };
  }

  /** How silence is found in a recording. */
  #levelOf(row: NewMessage | undefined): SilenceLevel {
    const box = row && parseBox(row.box);
    return box === undefined ? "auto" : silenceLevelOf(mailboxSettings(box, this.#deps.table()));
  }

  /**
   * Delivers a copy to another mailbox. Its row is written first, so that after a crash the copy is delivered once or
   * dropped.
   * @param make writes the copy's file; false: it cannot
   * @returns whether the copy is in the mailbox
   */
  async forward(message: NewMessage, urgent: boolean, make: () => Promise<boolean>): Promise<boolean> {
    const { store } = this.#deps;
    const kept = await this.#inOrder(message.id, async () => {
      if ((await store.stateOf(message.id)) === "delivered") return true;
      await store.open([message]);
      if (await make()) return (await this.#deliver(message.id, urgent)).isKept;
      await this.#drop(message.id);
      return false;
    });
    return kept === true;
  }

  #markUrgent(id: string, urgent: boolean): Promise<Answer> {
    return this.#inOrder(id, () => this.#deps.store.markUrgent(id, urgent)).then(() => DONE);
  }

  /**
   * Delivers the recordings of a call that are messages, and drops the others: those that hold nothing, and those whose
   * place a later one takes.
   * @param ids the newest first
   * @returns whether any is in the mailbox
   */
  async #settle(ids: readonly string[], urgent: boolean): Promise<boolean> {
    this.#settling.add(ids);
    try {
      return await this.#settleEach(ids, urgent);
    } finally {
      this.#settling.delete(ids);
    }
  }

  async #settleEach(ids: readonly string[], urgent: boolean): Promise<boolean> {
    let anyKept = false;
    let isReplaced = false;
    for (const id of ids) {
      const drop = isReplaced;
      const settled = await this.#inOrder(id, async () => {
        if (!drop) return this.#deliver(id, urgent);
        const row = await this.#row(id);
        await this.#drop(id);
        return { isKept: false, isAlone: row?.alone === true };
      });
      if (settled === undefined) return anyKept;
      anyKept = anyKept || settled.isKept;
      isReplaced = (isReplaced || settled.isKept) && !settled.isAlone;
    }
    return anyKept;
  }

  /**
   * Runs work on a message after earlier work on it, until it succeeds. Resolves to its result; undefined: the engine was
   * closed before.
   */
  #inOrder<T>(id: string, work: () => Promise<T>): Promise<T | undefined> {
    const before = this.#underWay.get(id) ?? Promise.resolve();
    const now = before.then(() => this.#untilDone(id, work, 0));
    this.#underWay.set(id, now);
    void now.then(() => {
      if (this.#underWay.get(id) === now) this.#underWay.delete(id);
    });
    return now;
  }

  async #untilDone<T>(id: string, work: () => Promise<T>, attempt: number): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (this.#closed) return undefined; // The next start finds the message by its row.
      const { clock, ids, log } = this.#deps;
      const inMs = backoffMs(attempt, { ...RETRY, ids });
      log.error({ err: error, message: id, inMs }, "a message is not delivered yet; it is tried again");
      await new Promise<void>((resolve) => void clock.after(inMs, resolve));
      return this.#untilDone(id, work, attempt + 1);
    }
  }

  /** The row of a message; one that another engine has noted and not written yet is written now. */
  async #row(id: string): Promise<NewMessage | undefined> {
    const row = await this.#deps.store.openedOne(id);
    if (row !== undefined) return row;
    await this.#opening.adopt(id);
    return this.#deps.store.openedOne(id);
  }

  async #deliver(id: string, urgent: boolean): Promise<Settled> {
    const row = await this.#row(id);
    if (row === undefined) return { isKept: false, isAlone: false };
    return { isKept: await this.#deliverRow(row, urgent), isAlone: row.alone === true };
  }

  /** Whether the message is in the mailbox. */
  async #deliverRow(row: NewMessage, urgent: boolean): Promise<boolean> {
    const { store, recordings, clock, log } = this.#deps;
    const { id } = row;
    if ((await store.stateOf(id)) === "delivered") return true;
    const sound = await recordings.seal(id, this.#levelOf(row));
    if (!isMessage(sound)) {
      if (sound === "unreadable") {
        // It may contain a message, so the row and the file stay, and the log tells the operator.
        if (!this.#unreadable.has(id))
          log.error(
            { message: id, call: row.call, file: recordings.path(id) },
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
    const table = await this.#tableFor(box);
    const delivered = await store.deliver(id, {
      box: row.box,
      deliveredMs: clock.nowMs(),
      lengthMs: sound.lengthMs,
      bytes: sound.bytes,
      sha256: sound.sha256,
      urgent,
      recipients: recipients(box, table),
      mails: this.#mails(box, table),
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

  /** An office that has the mailbox: a group that was renamed this moment is not in the table yet. */
  #tableFor(box: Box): RoutingTable | Promise<RoutingTable> {
    const table = this.#deps.table();
    return boxOwner(box, table) === undefined ? this.#deps.newestTable() : table;
  }

  /** The recipients with an e-mail address, if the mailbox wants mails. */
  #mails(box: Box, table: RoutingTable): Delivery["mails"] {
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
    await this.#opening.adopt();
    for (const visit of visitsOf(await this.#deps.store.recording())) {
      if (visit.takes.some(({ id }) => this.#isUnderWay(id)) || (await isAlive(visit.call))) continue;
      await this.#recoverVisit(visit);
    }
  }

  /** What was delivered of it counts, too: the engine may have died before it dropped the recordings before that one. */
  async #recoverVisit({ call, box, takes, urgent }: Visit): Promise<void> {
    const delivered = await this.#deps.store.deliveredOf(call, box);
    const ids = [...takes, ...delivered].sort(newestFirst).map(({ id }) => id);
    const kept = await this.#settle(ids, urgent);
    if (kept) this.#deps.onFound?.(call, box);
    if (takes.every(({ id }) => this.#unreadable.has(id))) return;
    this.#deps.log.warn({ call, messages: ids, kept }, "a recording was left behind; it is settled");
  }

  #isUnderWay(id: string): boolean {
    return this.#underWay.has(id) || [...this.#settling].some((ids) => ids.includes(id));
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

/** The recordings of a call for a mailbox that are not settled yet. */
interface Visit {
  readonly call: string;
  readonly box: string;
  readonly takes: readonly OpenMessage[];
  /** Urgent for one recording of the visit is urgent for all. */
  readonly urgent: boolean;
}

function visitsOf(rows: readonly OpenMessage[]): Visit[] {
  const visits = new Map<string, Visit>();
  for (const row of rows) {
    const { call, box } = row;
    const key = `${call} ${box}`;
    const before = visits.get(key);
    const urgent = row.urgent || before?.urgent === true;
    visits.set(key, { call, box, takes: [...(before?.takes ?? []), row], urgent });
  }
  return [...visits.values()];
}

function newestFirst(one: DeliveredTake, other: DeliveredTake): number {
  return other.beganMs - one.beganMs || (one.id < other.id ? 1 : -1);
}

interface Settled {
  readonly isKept: boolean;
  /** It takes no other recording's place. */
  readonly isAlone: boolean;
}

function isMessage(sound: Sound | NoSound): sound is Sound {
  return typeof sound !== "string" && sound.soundMs >= MESSAGE_MIN_MS;
}
