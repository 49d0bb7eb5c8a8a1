/**
 * Voicemail as one part of the engine: the voicemail port for calls, message lamps, mails, and the sweep of recordings
 * that were left behind and messages that were deleted long ago.
 */
import type { Logger } from "pino";
import { isMessageAsk } from "../../policy/call/mailbox-requests.js";
import { given } from "../../policy/office/optional.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { MailboxAccessStore } from "../../storage/mailbox-access.js";
import type { OutboxStore } from "../../storage/outbox.js";
import type { MessageStore } from "../../storage/voicemail.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import * as commands from "../switch/commands.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { Ear } from "./ear.js";
import { Lamps } from "./lamps.js";
import { MailboxAccess } from "./mailbox-access.js";
import { Mailer, type MailFigures } from "./mailer.js";
import { Mailroom } from "./mailroom.js";
import { MissedCalls } from "./missed-calls.js";
import type { RecordingFolder } from "./recordings.js";
import { RETENTION_MS } from "./retention.js";
import type { Send } from "./smtp.js";
import type { VoicemailPort } from "./voicemail-port.js";

export interface VoicemailDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly store: MessageStore;
  readonly mailboxAccess: MailboxAccessStore;
  readonly recordings: RecordingFolder;
  readonly table: () => RoutingTable;
  /** The same, when the database was asked for a newer one first. */
  readonly newestTable: () => Promise<RoutingTable>;
  readonly domain: string;
  /** How mails are sent; left out: no mail is written. */
  readonly mail?: { readonly outbox: OutboxStore; readonly send: Send };
  /** The phones that are registered now, by SIP name. */
  readonly registered: () => Iterable<readonly [sipName: string, contacts: unknown]>;
  readonly isRegistered: (sipName: string) => boolean;
  readonly isUnsafe: (sipName: string) => boolean;
  /** Whether this engine carries the call. */
  readonly isOwned: (call: string) => boolean;
  /** See `MailroomDeps.onFound`. */
  readonly onFound?: (call: string, box: string) => void;
}

/** How often recordings left behind are looked for. */
const SWEEP_MS = 30_000;
/** The first sweep after connecting waits until calls that live on have been taken over. */
const SWEEP_FIRST_MS = 1_000;

export class VoicemailService {
  readonly #deps: VoicemailDeps;
  readonly #mailroom: Mailroom;
  readonly #mailboxAccess: MailboxAccess;
  readonly #ear: Ear;
  readonly #lamps: Lamps;
  readonly #mailer: Mailer | undefined;
  readonly #missed: MissedCalls | undefined;
  #sweep: TimerHandle | undefined;
  #up = false;

  constructor(deps: VoicemailDeps) {
    this.#deps = deps;
    const { store, recordings, clock, ids, log, table } = deps;
    this.#ear = new Ear({ recordings, clock });
    this.#mailroom = new Mailroom({
      store,
      recordings,
      clock,
      ids,
      log,
      table,
      newestTable: deps.newestTable,
      mails: deps.mail !== undefined,
      isAlive: (call) => this.#isAlive(call),
      greetings: (box) => deps.mailboxAccess.greetings(box),
      onChange: () => {
        void this.#lamps.refresh();
        void this.#mailer?.work();
      },
      ...given({ onFound: deps.onFound }),
    });
    this.#mailboxAccess = new MailboxAccess({
      messages: store,
      store: deps.mailboxAccess,
      recordings,
      clock,
      ids,
      log,
      table,
      forward: (message, urgent, make) => this.#mailroom.forward(message, urgent, make),
      onChange: () => void this.#lamps.refresh(),
    });
    this.#mailer = deps.mail && new Mailer({ ...deps, ...deps.mail });
    const boxSince = (box: string, revision: number) => store.boxSince(box, revision);
    this.#missed =
      deps.mail &&
      new MissedCalls({ ...deps, ...deps.mail, boxSince, written: () => void this.#mailer?.work() });
    this.#lamps = new Lamps(deps);
  }

  get port(): VoicemailPort {
    return {
      folder: this.#mailroom.folder,
      ask: (ask, asker, done) => {
        if (isMessageAsk(ask)) this.#mailroom.ask(ask, asker, done);
        else this.#mailboxAccess.ask(ask, asker, done);
      },
      listen: (recording, silent) => this.#ear.listen(recording, silent),
      missed: (call) => void this.#missed?.tell(call),
    };
  }

  /** undefined: no mails are sent. */
  get mailFigures(): MailFigures | undefined {
    return this.#mailer?.figures;
  }

  async open(): Promise<void> {
    await this.#mailer?.open();
  }

  linkUp(): void {
    this.#up = true;
    this.#lamps.linkUp();
    this.#sweepIn(SWEEP_FIRST_MS);
  }

  linkDown(): void {
    this.#up = false;
    this.#lamps.linkDown();
    this.#stopSweep();
  }

  /** The switch asks for a phone's lamp: the phone has registered. */
  messageQuery(event: SwitchEvent): void {
    this.#lamps.messageQuery(event);
  }

  /** Another revision is live: the members of mailboxes may have changed. */
  officeChanged(): void {
    void this.#lamps.refresh();
  }

  async close(): Promise<void> {
    this.linkDown();
    this.#ear.close();
    await this.#mailroom.close();
    await this.#mailer?.close();
  }

  #sweepIn(ms: number): void {
    this.#stopSweep();
    this.#sweep = this.#deps.clock.after(ms, () => void this.#sweepNow());
  }

  #stopSweep(): void {
    if (this.#sweep !== undefined) this.#deps.clock.cancel(this.#sweep);
    this.#sweep = undefined;
  }

  async #sweepNow(): Promise<void> {
    try {
      await this.#mailroom.recover((call) => this.#isAlive(call));
      await this.#mailboxAccess.sweep((call) => this.#isAlive(call));
      await this.#removeExpired();
    } catch (error) {
      this.#deps.log.error({ err: error }, "messages that were left behind or deleted cannot be looked for");
    }
    if (this.#up) this.#sweepIn(SWEEP_MS);
  }

  /** The file goes first, then the row: after a crash in between, the row is found again. */
  async #removeExpired(): Promise<void> {
    await this.#deps.mail?.outbox.forgetMissed(this.#deps.clock.nowMs() - RETENTION_MS);
    const { store, recordings, clock, log } = this.#deps;
    for (const id of await store.expired(clock.nowMs() - RETENTION_MS)) {
      await recordings.remove(id);
      await store.remove(id);
      log.info({ message: id }, "a message that was deleted long ago is removed");
    }
  }

  /** A call is over only if the switch says so; without an answer it counts as alive. */
  #isAlive(call: string): Promise<boolean> {
    if (this.#deps.isOwned(call)) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#deps.link.send(commands.exists(call), (reply) =>
        resolve(!(reply.outcome === "ok" && reply.text === "false") || this.#deps.isOwned(call)),
      );
    });
  }
}
