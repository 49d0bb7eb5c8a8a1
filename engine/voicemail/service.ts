/**
 * Voicemail as one part of the engine: the desk that calls take messages to, and what has to be done again and
 * again: recordings nobody tends any more, message lamps, messages deleted long ago.
 */
import type { Logger } from "pino";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { ListenersStore } from "../../storage/mailbox-access.js";
import type { OutboxStore } from "../../storage/outbox.js";
import type { MessageStore } from "../../storage/voicemail.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import * as commands from "../switch/commands.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { Lamps } from "./lamps.js";
import { Listeners } from "./mailbox-access.js";
import { Mailer, type Send } from "./mailer.js";
import { Mailroom } from "./mailroom.js";
import { MissedCalls } from "./missed-calls.js";
import type { RecordingFolder } from "./recordings.js";
import type { MessageDesk } from "./voicemail-port.js";

export interface VoicemailDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly store: MessageStore;
  readonly listeners: ListenersStore;
  readonly recordings: RecordingFolder;
  readonly table: () => RoutingTable;
  readonly domain: string;
  /** How mails are sent; left out: none are written. */
  readonly mail?: { readonly outbox: OutboxStore; readonly send: Send };
  /** Phones that are registered now, by their SIP names. */
  readonly registered: () => Iterable<readonly [sipName: string, contacts: unknown]>;
  /** Whether the engine has this call. */
  readonly tended: (call: string) => boolean;
}

/** How often recordings that nobody tends are looked for. */
const SWEEP_MS = 30_000;
/** How long deleted messages can be brought back: 30 days. */
const RETENTION_MS = 30 * 86_400_000;
/** The first look after connecting: calls that live on are being taken over until then. */
const SWEEP_FIRST_MS = 1_000;

export class VoicemailService {
  readonly #deps: VoicemailDeps;
  readonly #mailroom: Mailroom;
  readonly #listeners: Listeners;
  readonly #lamps: Lamps;
  readonly #mailer: Mailer | undefined;
  readonly #missed: MissedCalls | undefined;
  #sweep: TimerHandle | undefined;
  #up = false;

  constructor(deps: VoicemailDeps) {
    this.#deps = deps;
    const { store, recordings, clock, ids, log, table } = deps;
    this.#mailroom = new Mailroom({
      store,
      recordings,
      clock,
      ids,
      log,
      table,
      mails: deps.mail !== undefined,
      greetings: (box) => deps.listeners.greetings(box),
      changed: () => {
        void this.#lamps.look();
        void this.#mailer?.work();
      },
    });
    this.#listeners = new Listeners({
      messages: store,
      store: deps.listeners,
      recordings,
      clock,
      ids,
      log,
      table,
      forward: (message, urgent, make) => this.#mailroom.forward(message, urgent, make),
      changed: () => void this.#lamps.look(),
    });
    this.#mailer = deps.mail && new Mailer({ ...deps, ...deps.mail });
    this.#missed =
      deps.mail && new MissedCalls({ ...deps, ...deps.mail, written: () => void this.#mailer?.work() });
    this.#lamps = new Lamps(deps);
  }

  get desk(): MessageDesk {
    const mailroom = this.#mailroom;
    return {
      folder: mailroom.folder,
      open: (request, done) => mailroom.open(request, done),
      measure: (id, done) => mailroom.measure(id, done),
      deliver: (messages, urgent, done) => mailroom.deliver(messages, urgent, done),
      drop: (id) => mailroom.drop(id),
      markUrgent: (id, urgent) => mailroom.markUrgent(id, urgent),
      missed: (call) => void this.#missed?.tell(call),
      ask: (ask, asker, done) => this.#listeners.ask(ask, asker, done),
    };
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

  /** The switch asks for a lamp: a phone has registered. */
  asked(event: SwitchEvent): void {
    this.#lamps.asked(event);
  }

  /** Another revision is live: who is in a mailbox may be otherwise. */
  officeChanged(): void {
    void this.#lamps.look();
  }

  async close(): Promise<void> {
    this.linkDown();
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
      await this.#mailroom.recover((call) => this.#lives(call));
      await this.#listeners.sweep((call) => this.#lives(call));
      await this.#removeExpired();
    } catch (error) {
      this.#deps.log.error({ err: error }, "messages that were left behind or deleted cannot be looked for");
    }
    if (this.#up) this.#sweepIn(SWEEP_MS);
  }

  /** First the file, then the row: what is left half done is found again. */
  async #removeExpired(): Promise<void> {
    await this.#deps.mail?.outbox.forgetMissed(this.#deps.clock.nowMs() - RETENTION_MS);
    const { store, recordings, clock, log } = this.#deps;
    for (const id of await store.expired(clock.nowMs() - RETENTION_MS)) {
      await recordings.remove(id);
      await store.remove(id);
      log.info({ message: id }, "a message that was deleted long ago is removed");
    }
  }

  /** Only a switch that says "no" ends a recording: without a connection nobody knows. */
  #lives(call: string): Promise<boolean> {
    if (this.#deps.tended(call)) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#deps.link.send(commands.exists(call), (reply) =>
        resolve(!(reply.outcome === "ok" && reply.text === "false") || this.#deps.tended(call)),
      );
    });
  }
}
