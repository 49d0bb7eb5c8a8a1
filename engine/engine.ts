/**
 * Wires the parts of the engine: open, run, drain, hand over, close. Closing first stops following changes of the office
 * and closes the link, then the parts that may take longer. Calls in progress live on, on the switch.
 */

import type { Logger } from "pino";
import type { Note } from "../policy/call/command.js";
import { given, mapped } from "../policy/office/optional.js";
import { OFFICE } from "../policy/outside/payer.js";
import { headersOf } from "../policy/routing/carrier-places.js";
import type { RoutingTable } from "../policy/routing/table.js";
import type { MailboxAccessStore } from "../storage/mailbox-access.js";
import type { OutboxStore } from "../storage/outbox.js";
import type { Store } from "../storage/store.js";
import type { MessageStore } from "../storage/voicemail.js";
import { answerAbout } from "./arrival/arrival.js";
import { readQuestion } from "./arrival/question.js";
import type { Call } from "./calls/call.js";
import { Calls } from "./calls/calls.js";
import { Lease } from "./calls/lease.js";
import { CallMemory } from "./calls/memory.js";
import type { OutsideAlarm } from "./calls/outside-alarms.js";
import { OutsideMeter } from "./calls/outside-meter.js";
import { type Admission, Overload } from "./calls/overload.js";
import { PHONES_PROFILE, SIP_HEADERS } from "./calls/switch-contract.js";
import { carrierIsAt, type KeptAddresses } from "./carriers/addresses.js";
import { Carriers } from "./carriers/carriers.js";
import type { ResolveHost } from "./carriers/resolver.js";
import type { ReadSecret } from "./carriers/secrets.js";
import { CarrierMemory } from "./carriers/status-memory.js";
import { ClickCalls, type ClickCallsDeps } from "./click-to-call/click-calls.js";
import type { Clock, TimerHandle } from "./clock.js";
import { Directory, type DirectoryDeps, type DirectorySettings } from "./directory/directory.js";
import type { SeenCall } from "./feed/call-view.js";
import { LiveFeed } from "./feed/feed.js";
import { thisProcessUse } from "./feed/feed-figures.js";
import type { IdSource } from "./ids.js";
import type { BoundAddress } from "./local-http.js";
import type { CallAnswer } from "./look-up-server.js";
import { LiveOffice, type OnRevision } from "./office/live-office.js";
import { ProofCalls, type ProofCallsDeps } from "./proofs/proof-calls.js";
import type { RecordsPort } from "./records/records-port.js";
import { Unfinished } from "./records/unfinished.js";
import { Gate } from "./switch/gate.js";
import { Registrations } from "./switch/registrations.js";
import type { SwitchEvent, SwitchLink } from "./switch/wire.js";
import { Mailer, mailFigures } from "./voicemail/mailer.js";
import type { RecordingFolder } from "./voicemail/recordings.js";
import { VoicemailService } from "./voicemail/service.js";
import type { Send } from "./voicemail/smtp.js";
import type { VoicemailPort } from "./voicemail/voicemail-port.js";
import { LiveCalls } from "./watch/live-calls.js";
import type { ArrivalAnswer, Measures } from "./watch/measures.js";
import type { EngineFigures } from "./watch/metrics.js";
import { refusalIn } from "./watch/refusals.js";
import { type SocketFigures, SocketWatch } from "./watch/socket-watch.js";

/** What the engine needs of a database; `explain` passes an office that is not in a database. */
export type EngineStore = Pick<
  Store,
  | "loadTable"
  | "currentRevision"
  | "changesSince"
  | "changesBetween"
  | "readMemory"
  | "remember"
  | "readByHand"
  | "writeLiveCalls"
  | "renamesBetween"
>;

export interface EngineDeps {
  readonly store: EngineStore;
  /** The id under which this engine claims calls; see `Store.engineIdentity`. */
  readonly engineId: string;
  readonly link: SwitchLink & {
    nudging?(on: boolean): void;
    keepHeaders?(names: ReadonlySet<string>): void;
  };
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** Where messages are kept, and the folder the switch records to; left out: messages are refused. */
  readonly voicemail?: {
    readonly store: MessageStore;
    readonly mailboxAccess: MailboxAccessStore;
    readonly recordings: RecordingFolder;
    /** The switch's SIP domain: message lamps are addressed by it. */
    readonly domain: string;
    /** How mails are sent; left out: no mail is written. */
    readonly mail?: { readonly outbox: OutboxStore; readonly send: Send };
  };
  /** How somebody is told by mail of a call for help; needs no folder of messages. Left out: nobody is. */
  readonly helpMail?: { readonly store: MessageStore; readonly outbox: OutboxStore; readonly send: Send };
  /** Takes the place of `voicemail` where there is neither a disk nor a database, as in a simulation. */
  readonly voicemailPort?: VoicemailPort;
  /** Refuses new calls, in a simulation; left out: the engine does, when more arrive than it can carry. */
  readonly admission?: Admission;
  /** Called with each note of a call, as it happens. */
  readonly onNote?: (call: Call, note: Note) => void;
  /** Called when a call has handled an input; its state stays as it is until the next input. */
  readonly onState?: (call: Call) => void;
  /** Keeps what happens in calls; left out: nobody does. */
  readonly records?: RecordsPort;
  /** Outside numbers that people prove; left out: none is called. */
  readonly numberProofs?: ProofCallsDeps["store"];
  /** Calls that people ask for in a page; left out: none is made. */
  readonly clickCalls?: ClickCallsDeps["store"];
  /** Counts what the engine measures of its own work; left out: nobody does. */
  readonly measures?: Measures;
  /** Called with each alarm about calls outside. */
  readonly onAlarm?: (alarm: OutsideAlarm) => void;
  readonly onRevision?: OnRevision;
  /** Called each time the engine can carry calls: it is connected, and knows the registrations. */
  readonly onReady?: () => void;
  /** Answers the switch's look-ups of phones; left out: another program answers them. */
  readonly directory?: {
    readonly settings: DirectorySettings;
    readonly store: DirectoryDeps["store"];
    /** Gives the switch its carriers; left out: it has them in its own files. */
    readonly carriers?: {
      readonly readSecret: ReadSecret;
      readonly resolve: ResolveHost;
      readonly kept: KeptAddresses;
    };
  };
}

function voicemailOf(voicemail: VoicemailPort | undefined): { readonly voicemail?: VoicemailPort } {
  return given({ voicemail });
}

/** What the live feed reads of a call. */
function seen(call: Call): SeenCall {
  return {
    state: call.state,
    get about() {
      return call.about;
    },
    office: call.deps.world.office,
  };
}

/** How often an engine that drains looks whether callers still wait. */
const DRAIN_LOOK_MS = 50;
/** How long an engine that leaves waits for the switch to carry out its last commands. */
const HAND_OVER_MS = 1_000;

/** Many phones may register again at once, so the list of registrations is asked for once a second at most. */
const REFRESH_MS = 1_000;

/** How often the list is asked for after connecting when no reply comes: then calls go on with the phones known so far. */
const LIST_TRIES_MAX = 3;
const LIST_AGAIN_MS = 500;

export class Engine {
  readonly #deps: EngineDeps;
  readonly #office: LiveOffice;
  readonly #memory: CallMemory;
  readonly #outside: OutsideMeter;
  readonly #carrierMemory: CarrierMemory;
  readonly #overload: Overload;
  readonly #registrations: Registrations;
  readonly #directory: Directory | null;
  readonly #carriers: Carriers | undefined;
  /** What the parts send through; shut when the engine leaves its calls. */
  readonly #gate: Gate;
  readonly #socket: SocketWatch;
  readonly #lease: Lease;
  readonly #liveCalls: LiveCalls;
  readonly #proofs: ProofCalls | undefined;
  readonly #clicks: ClickCalls | undefined;
  readonly #unfinished: Unfinished | undefined;
  readonly #voicemail: VoicemailService | undefined;
  readonly #helpMailer: Mailer | undefined;
  readonly calls: Calls;
  /** Tells readers what goes on; who may read is the business of its server. */
  readonly feed: LiveFeed;
  #up = false;
  #ready = false;
  #isPrepared = false;
  #isOpen = false;
  /** The calls are the next engine's: nothing more is done to them. */
  #isLeaving = false;
  /** Devices whose contacts changed while calls waited for the connection. */
  readonly #changedMeanwhile = new Set<string>();
  /** Contacts that phones have registered at another address than their own, so far. */
  #contactsElsewhere = 0;
  #refreshTimer: TimerHandle | undefined;
  /** How often the link was up so far; what an earlier connection has begun is not gone on with. */
  #connections = 0;
  /** Events of calls that arrived before the list of registrations. */
  #heldEvents: SwitchEvent[] = [];

  constructor(deps: EngineDeps) {
    const { clock, ids, log } = deps;
    this.#deps = deps;
    this.#socket = new SocketWatch({
      clock,
      log,
      callOf: (channel) => this.calls.callOf(channel),
      ...given({ measures: deps.measures }),
    });
    const link = new Gate(deps.link, clock, (command, tookMs, reply) =>
      this.#socket.replied(command, tookMs, reply),
    );
    this.#gate = link;
    this.#office = new LiveOffice(deps.store, clock, log, (now, before, changes) => {
      this.#keepHeaders(now);
      if (!this.#isOpen) return;
      this.#directory?.officeChanged(now, before, changes);
      this.#carriers?.officeChanged();
      void this.#memory.officeChanged(now);
      this.#voicemail?.officeChanged();
      this.feed.officeChanged();
      deps.onRevision?.(now, before, changes);
    });
    this.#outside = new OutsideMeter({
      link,
      clock,
      log,
      table: () => this.#office.table,
      remember: (call) => this.#memory.remember(call),
      callOf: (channel) => this.calls.callOf(channel),
      ...given({ onAlarm: deps.onAlarm }),
    });
    this.#carrierMemory = new CarrierMemory({
      link,
      clock,
      log,
      carriers: () => this.#office.table.carriers,
    });
    this.#overload = new Overload({ link, clock, log });
    this.#memory = new CallMemory(
      deps.store,
      clock,
      log,
      () => this.#office.table,
      (call) => this.#outside.recall(call),
    );
    this.#registrations = new Registrations({
      clock,
      log,
      profiles: [PHONES_PROFILE],
      isCarriers: (ip) => this.#carriers?.isAt(ip) === true || carrierIsAt(this.#office.table.carriers, ip),
      onAmbiguous: () => this.#refreshRegistrations(),
      onElsewhere: () => {
        this.#contactsElsewhere += 1;
      },
      onHarmful: (sipName, callId) => this.#directory?.harmfulContact(sipName, callId),
    });
    this.#voicemail =
      deps.voicemail &&
      new VoicemailService({
        link,
        clock,
        ids,
        log,
        ...deps.voicemail,
        table: () => this.#office.table,
        newestTable: () => this.#office.newest(),
        isOwned: (call) => this.calls.has(call),
        registered: () => this.#registrations.all(),
        isRegistered: (sipName) => this.#registrations.contactsOf(sipName).length > 0,
        isUnsafe: (sipName) => this.#registrations.hasUndialable(sipName),
        onFound: (call, box) => this.#unfinished?.message(call, box),
      });
    this.#helpMailer =
      deps.helpMail &&
      new Mailer({ ...deps.helpMail, clock, ids, log, table: () => this.#office.table, about: "help" });
    this.calls = new Calls({
      link,
      clock,
      ids,
      log,
      engineId: deps.engineId,
      table: () => this.#office.table,
      tableOf: (revision) => this.#office.tableOf(revision),
      contactsOf: (sipName) => this.#registrations.contactsOf(sipName),
      memory: this.#memory,
      outside: this.#outside,
      carriers: this.#carrierMemory,
      admission: deps.admission ?? this.#overload,
      remember: (command) =>
        this.#memory.remember(
          command.type === "remember_rung_first"
            ? { kind: "rung_first", group: command.group, username: command.username }
            : { kind: "answered", username: command.username, atMs: clock.nowMs() },
        ),
      onNote: (call, note) => {
        if (refusalIn(note) !== undefined) this.#outside.alarms.refused();
        this.feed.onNote(note);
        deps.onNote?.(call, note);
      },
      onState: (call) => {
        this.feed.onState(seen(call), call.ended, call.isAnothers);
        this.#clicks?.called(call.state);
        deps.onState?.(call);
      },
      ...given({
        measures: deps.measures,
        records: deps.records,
        nudging: mapped(deps.link.nudging, () => (on: boolean) => deps.link.nudging?.(on)),
      }),
      ...voicemailOf(this.#voicemail?.port ?? deps.voicemailPort),
    });
    this.#proofs = mapped(
      deps.numberProofs,
      (store) =>
        new ProofCalls({
          ...{ link, clock, ids, log, store, outside: this.#outside },
          table: () => this.#office.table,
        }),
    );
    this.#clicks = mapped(
      deps.clickCalls,
      (store) =>
        new ClickCalls({
          ...{ link, clock, log, store, outside: this.#outside },
          table: () => this.#office.table,
          contactsOf: (sipName) => this.#registrations.contactsOf(sipName),
          isFull: () => this.#overload.figures.isFull,
          callOf: (channel) =>
            this.calls.get(channel)?.state ?? (this.calls.isTended(channel) ? "soon" : undefined),
        }),
    );
    this.#unfinished = mapped(
      deps.records,
      (records) =>
        new Unfinished({ link, clock, log, records, isTended: (call) => this.calls.isTended(call) }),
    );
    this.feed = new LiveFeed({
      link,
      clock,
      engineId: deps.engineId,
      use: thisProcessUse,
      source: {
        calls: () => this.calls.list().map(seen),
        call: (id) => mapped(this.calls.get(id), seen),
        registered: () => this.#registrations.all(),
        contactsOf: (sipName) => this.#registrations.contactsOf(sipName),
        table: () => this.#office.table,
        carriers: () => this.#carrierMemory.figures(),
        overload: () => this.#overload.figures,
        isReady: () => this.#ready,
      },
    });
    this.#lease = new Lease(deps.link, clock, deps.engineId);
    this.#liveCalls = new LiveCalls({ store: deps.store, clock, log, engineId: deps.engineId }, () =>
      this.calls.list(),
    );
    this.#carriers = mapped(
      deps.directory?.carriers,
      (carriers) =>
        new Carriers({
          ...carriers,
          link,
          clock,
          ids,
          log,
          carriers: () => this.#office.table.carriers,
          key: deps.directory?.settings.secret ?? "",
          onSettled: () => this.#carrierMemory.look(),
        }),
    );
    this.#directory =
      deps.directory === undefined
        ? null
        : new Directory({
            settings: deps.directory.settings,
            store: deps.directory.store,
            ...given({ carriers: this.#carriers?.answers }),
            link,
            clock,
            log,
            registrations: this.#registrations,
            table: () => this.#office.table,
            carriersJson: () => this.#carrierMemory.json(),
            ...given({
              onAboutCall: mapped(
                deps.measures,
                (measures) => (answer: ArrivalAnswer, tookMs: number) =>
                  measures.answeredAboutCall(answer, tookMs),
              ),
            }),
            aboutCall: (body) => {
              const channel = readQuestion(body);
              return channel && this.aboutCall(channel);
            },
          });
    this.#registrations.onChange((sipName) => {
      this.#contactsChanged(sipName);
      this.feed.phoneChanged(sipName);
    });
  }

  /** Whether calls can be taken right now. */
  get up(): boolean {
    return this.#up;
  }

  /** Up, and the registrations are known. */
  get ready(): boolean {
    return this.#ready;
  }

  get revision(): number {
    return this.#office.table.revision;
  }

  /** How the event socket keeps up. */
  get socketFigures(): SocketFigures {
    return this.#socket.figures;
  }

  /** The engine's figures at this moment, for monitoring. */
  figures(): EngineFigures {
    const calls: Record<string, number> = {};
    for (const call of this.calls.list()) {
      const { kind } = call.state.phase;
      calls[kind] = (calls[kind] ?? 0) + 1;
    }
    let contacts = 0;
    for (const [, those] of this.#registrations.all()) contacts += those.length;
    const directory = this.#directory && {
      lookUps: { ...this.#directory.counts },
      signIns: { ...this.#directory.guard.counts },
    };
    const mail = mailFigures(this.#voicemail?.mailFigures, this.#helpMailer?.figures);
    const outside = {
      calls: this.#outside.callsAtOnce(OFFICE),
      minutes: this.#outside.minutes(OFFICE),
      cut: this.#outside.cut,
      alarms: { ...this.#outside.alarms.counts },
      contactsElsewhere: this.#contactsElsewhere,
    };
    const carriers = this.#carrierMemory.figures();
    return {
      ...{
        connected: this.#up,
        revision: this.revision,
        calls,
        contacts,
        directory,
        mail,
        outside,
        carriers,
      },
      overload: this.#overload.figures,
    };
  }

  /**
   * Loads the office and keeps it up with the database, and does nothing else: an engine that stands by has a large office
   * at hand when it takes over. Rejects with `SqlError` when the database cannot be read.
   */
  async prepare(): Promise<void> {
    await this.#office.open();
    this.#keepHeaders(this.#office.table);
    this.#isPrepared = true;
  }

  /** The office's carriers decide which headers of a call are read. */
  #keepHeaders({ carriers }: RoutingTable): void {
    this.#deps.link.keepHeaders?.(new Set([...SIP_HEADERS, ...headersOf(carriers)]));
  }

  /**
   * Loads the office, then starts connecting. Rejects with `SqlError` when the database cannot be read. If the
   * directory's address cannot be bound, it says so and nothing has begun.
   */
  async open(): Promise<BoundAddress | null> {
    if (!this.#isPrepared) await this.prepare();
    await this.#memory.open();
    await this.#carriers?.open();
    const bound = (await this.#directory?.open()) ?? null;
    if (bound?.ok === false) {
      this.#carriers?.close();
      return bound;
    }
    this.#isOpen = true;
    this.#liveCalls.open();
    await this.#voicemail?.open();
    await this.#helpMailer?.open();
    this.#gate.open({
      up: (coreUuid) => this.#linkUp(coreUuid),
      down: (reason) => this.#linkDown(reason),
      event: (event) => this.#event(event),
    });
    return bound;
  }

  /**
   * What the switch is told that asks about a call before it uses its own dialplan; undefined: that is what handles the
   * call.
   */
  aboutCall(channel: SwitchEvent): CallAnswer | undefined {
    // An unknown phone would not be rung, so registrations must be known.
    if (!this.#ready || this.#isLeaving) return undefined;
    return answerAbout(channel, this.calls, this.#deps.engineId);
  }

  /**
   * Takes no new calls from now on. Resolves when no caller waits, when `boundMs` are over, or when `isOver` says so: a
   * call that takes longer is handed over.
   */
  async drain(boundMs: number, isOver: () => boolean): Promise<void> {
    const { clock } = this.#deps;
    const untilMs = clock.nowMs() + boundMs;
    this.calls.takeNoMore();
    this.#clicks?.takeNoMore();
    while (this.calls.waiting > 0 && clock.nowMs() < untilMs && !isOver())
      await new Promise<void>((resolve) => clock.after(DRAIN_LOOK_MS, resolve));
  }

  /**
   * Leaves all calls to the next engine, which goes on from what the switch has. Resolves when the switch has carried out
   * every command of this engine, so that none comes between those of the next one.
   */
  async handOver(): Promise<void> {
    const { clock } = this.#deps;
    this.#isLeaving = true;
    this.#proofs?.close();
    this.#clicks?.close();
    this.#unfinished?.close();
    this.calls.leave();
    this.#gate.shut();
    if (!this.#up) return;
    await new Promise<void>((resolve) => {
      const late = clock.after(HAND_OVER_MS, resolve);
      this.#lease.renewLast(() => {
        clock.cancel(late);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#office.close();
    const remembered = this.#memory.close();
    if (this.#refreshTimer !== undefined) this.#deps.clock.cancel(this.#refreshTimer);
    this.#lease.stop();
    this.#overload.reset();
    this.#connections += 1;
    this.#liveCalls.close();
    this.#proofs?.close();
    this.#clicks?.close();
    this.#unfinished?.close();
    this.feed.close();
    this.calls.leave();
    this.#gate.shut();
    // Before voicemail, which finishes deliveries: the next engine may carry calls by then.
    await this.#gate.close();
    this.#carriers?.close();
    await this.#directory?.close();
    await Promise.all([this.#voicemail?.close(), this.#helpMailer?.close()]);
    await remembered;
  }

  /** Mails about a call for help are in the outbox. */
  helpMailed(): void {
    void this.#helpMailer?.work();
  }

  #linkUp(coreUuid: string): void {
    if (this.#isLeaving) return;
    this.#up = true;
    this.feed.linkUp();
    this.#lease.keep();
    this.#deps.log.info({ coreUuid }, "connected to the switch");
    this.#heldEvents = [];
    this.#connections += 1;
    this.#outside.look(true);
    this.#carrierMemory.look();
    this.#learnRegistrations(coreUuid, this.#connections, 1);
  }

  /** Registrations must be known before calls go on: an unknown phone would not be rung. */
  #learnRegistrations(coreUuid: string, connection: number, tries: number): void {
    this.#registrations.refresh(this.#gate, (isAnswered) => {
      if (this.#isLeaving || !this.#up || connection !== this.#connections) return;
      if (!isAnswered && tries < LIST_TRIES_MAX) {
        this.#deps.clock.after(LIST_AGAIN_MS, () => {
          if (this.#up && connection === this.#connections)
            this.#learnRegistrations(coreUuid, connection, tries + 1);
        });
        return;
      }
      this.#ready = true;
      const held = this.#heldEvents;
      this.#heldEvents = [];
      this.calls.resync(coreUuid, held);
      for (const sipName of this.#changedMeanwhile) this.calls.contactsChanged(sipName);
      this.#changedMeanwhile.clear();
      this.#directory?.linkUp();
      this.#carriers?.linkUp();
      this.#voicemail?.linkUp();
      this.#unfinished?.ready();
      this.#proofs?.linkUp();
      this.#clicks?.linkUp();
      this.#deps.onReady?.();
    });
  }

  /** Asks for the list of registrations, once for all ambiguous events of the next second. */
  #refreshRegistrations(): void {
    this.#refreshTimer ??= this.#deps.clock.after(REFRESH_MS, () => {
      this.#refreshTimer = undefined;
      if (this.#ready) this.#registrations.refresh(this.#gate);
    });
  }

  /** Held back until calls are resynced: after a restart of the switch no call may dial for a call that is gone. */
  #contactsChanged(sipName: string): void {
    if (this.#ready) this.calls.contactsChanged(sipName);
    else this.#changedMeanwhile.add(sipName);
  }

  #linkDown(reason: string): void {
    this.#up = false;
    this.feed.linkDown();
    this.#carrierMemory.linkDown();
    this.#directory?.linkDown();
    this.#carriers?.linkDown();
    this.#voicemail?.linkDown();
    this.#unfinished?.linkDown();
    this.#proofs?.linkDown();
    this.#clicks?.linkDown();
    this.#lease.stop();
    this.#overload.reset();
    this.#ready = false;
    this.calls.pause();
    this.#deps.log.warn(
      { reason, calls: this.calls.count },
      "the connection to the switch is gone; reconnecting",
    );
  }

  #event(event: SwitchEvent): void {
    if (this.#isLeaving) return;
    this.#socket.event(event);
    if (event["Event-Name"] === "HEARTBEAT") this.#carrierMemory.look();
    if (event["Event-Name"] === "CUSTOM") {
      this.#registrations.event(event);
      this.#carrierMemory.event(event);
      this.#directory?.event(event);
    } else if (event["Event-Name"] === "MESSAGE_QUERY") {
      this.#voicemail?.messageQuery(event);
    } else if (this.#ready) {
      this.calls.event(event);
      this.#proofs?.event(event);
      this.#clicks?.event(event);
      if (event["Event-Name"] === "HEARTBEAT") this.#unfinished?.look();
    }
    // The list of registrations is on its way: a call that went on now would find no phone to ring.
    else this.#heldEvents.push(event);
  }
}
