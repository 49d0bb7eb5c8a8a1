/**
 * All calls in progress: takes those that park, hands each event to the call whose channel it is about,
 * and puts every call in order again when the connection comes back.
 */
import type { Logger } from "pino";
import type { Note } from "../../policy/call/command.js";
import { legIds } from "../../policy/call/derived-id.js";
import type { Arrival } from "../../policy/call/input.js";
import { awaitsEvent, watchesContacts } from "../../policy/call/phases.js";
import { mayBeRefused } from "../../policy/call/refusable.js";
import type { CallState, Leg } from "../../policy/call/state.js";
import type { Contact, Memory } from "../../policy/call/world.js";
import { given } from "../../policy/office/optional.js";
import { headersOf } from "../../policy/routing/carrier-places.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { CarrierMemory } from "../carriers/status-memory.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { arrivedByChannel, type RecordsPort, recordShed } from "../records/records-port.js";
import * as commands from "../switch/commands.js";
import { bridged, channelId } from "../switch/events.js";
import { isUuid } from "../switch/safe-text.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { NO_VOICEMAIL, type VoicemailPort } from "../voicemail/voicemail-port.js";
import type { Measures } from "../watch/measures.js";
import { type Asked, Call, type CallDeps } from "./call.js";
import { sweepClaims } from "./claims.js";
import { clickOf, isCaller, markedFor, readArrival, readJob, readSentTo } from "./inputs.js";
import { LeftCallers } from "./left-callers.js";
import { LooseLegs } from "./loose-legs.js";
import { Nudging } from "./nudging.js";
import type { OutsideMeter } from "./outside-meter.js";
import type { Admission } from "./overload.js";
import { Paced } from "./paced.js";
import { refuseParked } from "./refusing.js";
import { type Found, inspectCall, isParked } from "./resync.js";
import { Strangers, savedIn } from "./strangers.js";
import { CONTEXT_INBOUND, CONTEXT_PHONES, isArrivalContext } from "./switch-contract.js";
import { type Takeover, Takeovers } from "./takeovers.js";

/** How soon the switch is asked again about a call, when one of its replies did not come. */
const INSPECT_AGAIN_MS = 1_000;

export interface CallsDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly engineId: string;
  /** The newest revision: what a call that begins now keeps to its end. */
  readonly table: () => RoutingTable;
  /** An earlier revision, for a call that began on it. */
  readonly tableOf: (revision: number) => Promise<RoutingTable>;
  readonly contactsOf: (sipName: string) => readonly Contact[];
  readonly memory: Memory;
  /** Counts calls to outside phones; left out: nobody does, and no limit is reached. */
  readonly outside?: OutsideMeter;
  /** Remembers what becomes of calls through carriers; left out: nobody does. */
  readonly carriers?: CarrierMemory;
  /** Refuses new calls when too many arrive; left out: none is refused. */
  readonly admission?: Admission;
  readonly remember: CallDeps["remember"];
  readonly onNote: (call: Call, note: Note) => void;
  /** A call has handled an input. */
  readonly onState?: (call: Call) => void;
  /** Turns the link's nudging on and off. */
  readonly nudging?: (on: boolean) => void;
  /** What calls need of voicemail; left out: no mailbox takes messages. */
  readonly voicemail?: VoicemailPort;
  /** Keeps what happens in calls; left out: nobody does. */
  readonly records?: RecordsPort;
  readonly measures?: Pick<Measures, "claimed">;
}

/**
 * How often a call is inspected that handles an input each time meanwhile. The last inspection is used all the same, as an
 * outdated one: otherwise a caller who presses keys without end would stop the clocks of their call.
 */
const INSPECTIONS_MAX = 10;
/** A call without news of its caller for so long is inspected at the next HEARTBEAT, which comes every 20 s. */
const QUIET_MS = 30_000;
/**
 * From the confirmation that the switch has stopped what played or recorded until it is asked what it shows: the channel's
 * thread looks for orders every 20 ms, and one that it had taken already begins within that time.
 */
const STOPPED_MS = 100;

/** Calls inspected at one HEARTBEAT, those longest without news first: an inspection costs the switch something. */
const INSPECTED_TOGETHER_MAX = 50;

/** Causes of a job for which the switch has made no leg, and so reports no end of one (sofia_outgoing_channel). */
const MAKES_NO_LEG: ReadonlySet<string> = new Set(["GATEWAY_DOWN", "INVALID_GATEWAY", "INVALID_PROFILE"]);

/** How much later than the end of a job the event of its leg's end may come. */
const LEG_END_MS = 250;

/** What becomes of a call about which the switch asks. */
export type AskedAbout = { readonly context: string } & (
  | ({ readonly kind: "begun" } & Asked)
  | { readonly kind: "refused"; readonly arrival: Arrival }
);

export class Calls {
  readonly #deps: CallsDeps;
  readonly #calls = new Map<string, Call>();
  /** Leg's channel -> its call. */
  readonly #legs = new Map<string, Call>();
  readonly #nudging: Nudging | undefined;
  readonly #left: LeftCallers;
  readonly #paced: Paced;
  readonly #strangers: Strangers;
  readonly #looseLegs: LooseLegs;
  /** Calls that wait to be inspected, because a reply did not come. */
  readonly #unsure = new Set<string>();
  readonly #takeovers: Takeovers;

  /** The run of the switch to which the link was connected last. */
  #coreUuid: string | undefined;
  #isUp = false;
  #takesNew = true;
  /** How often the connection was lost: what was planned before that is done by the resync after its return. */
  #losses = 0;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
    this.#paced = new Paced(deps.link, deps.clock);
    this.#left = new LeftCallers({ ...deps, again: (dump) => this.#strangers.decide(dump) });
    this.#takeovers = new Takeovers({
      ...deps,
      takeOver: (takeover, table) => this.#takeOver(takeover, table),
      leaveToMessage: (dump, why) => this.#left.leaveToMessage(dump, why),
    });
    this.#looseLegs = new LooseLegs({
      paced: this.#paced,
      isTended: (id) => this.#isKnown(id) || this.#legs.has(id),
    });
    this.#strangers = new Strangers({
      ...deps,
      paced: this.#paced,
      left: this.#left,
      isTended: (id) => this.#calls.has(id) || this.#takeovers.has(id),
      isInOrder: (id) => this.#calls.get(id)?.isPaused === false,
      arrive: (dump) => this.#parkedCaller(dump, true),
      adopt: (saved, dump) => this.#takeovers.begin({ saved, dump }),
      listed: (listed) => this.#looseLegs.look(listed),
    });
    if (deps.nudging !== undefined) this.#nudging = new Nudging(deps.clock, deps.nudging);
  }

  /** Calls in progress. */
  get count(): number {
    return this.#calls.size;
  }

  /** Calls in progress whose caller is not connected yet. */
  get waiting(): number {
    return this.list().filter(({ state }) => state.phase.kind !== "connected").length;
  }

  /** From now on new callers are left to the next engine. Calls in progress go on, also through transfers. */
  takeNoMore(): void {
    this.#takesNew = false;
  }

  /** All calls are the next engine's from now on. */
  leave(): void {
    this.takeNoMore();
    this.pause();
    for (const call of this.list()) call.leave();
  }

  has(id: string): boolean {
    return this.#calls.has(id);
  }

  /** Whether this engine has the call, or takes it over in a moment. */
  isTended(id: string): boolean {
    return this.#calls.has(id) || this.#takeovers.has(id);
  }

  get(id: string): Call | undefined {
    return this.#calls.get(id);
  }

  list(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** The call of a caller's channel, or of a leg's; undefined: it belongs to none in progress. */
  callOf(channel: string): string | undefined {
    return this.#calls.has(channel) ? channel : this.#legs.get(channel)?.id;
  }

  event(event: SwitchEvent): void {
    this.#deps.outside?.event(event);
    this.#deps.carriers?.event(event);
    if (event["Event-Name"] === "BACKGROUND_JOB") {
      this.#job(event);
      return;
    }
    if (event["Event-Name"] === "HEARTBEAT") {
      this.#inspectQuietCalls();
      this.#strangers.look();
      this.#sweepClaims();
      return;
    }
    const channel = channelId(event);
    if (channel === undefined) return;
    const call = this.#calls.get(channel) ?? this.#legs.get(channel);
    if (event["Event-Name"] === "CHANNEL_BRIDGE") this.#bridge(event);
    else if (call === undefined || isTransferred(event, call)) this.#parked(event);
    else call.event(event);
  }

  /**
   * Two channels are bridged. After an attended transfer they may belong to two calls. Then one call learns whom its
   * caller talks to now; the other gives up its leg, and so never ends it.
   */
  #bridge(event: SwitchEvent): void {
    const sides = bridged(event);
    if (sides === undefined) return;
    for (const [here, there, who] of [
      [sides.a, sides.b, this.#whoseLeg(sides.b)],
      [sides.b, sides.a, this.#whoseLeg(sides.a)],
    ] as const) {
      this.#calls.get(here)?.event(event, who);
      const owner = this.#legs.get(here);
      if (owner !== undefined && owner.id !== there) this.#legLeft(owner, here, "ATTENDED_TRANSFER");
    }
  }

  /** Whose phone a channel is: that of a user who calls, or that of a leg. */
  #whose(channel: string): string | undefined {
    return this.#calls.get(channel)?.state.caller.from?.username ?? this.#whoseLeg(channel);
  }

  /** Whose phone a leg rang. */
  #whoseLeg(leg: string): string | undefined {
    return this.#legs.get(leg)?.state.legs.find(({ id }) => id === leg)?.who;
  }

  #legLeft(owner: Call, leg: string, cause: string): void {
    this.#legs.delete(leg);
    owner.input({ type: "leg_ended", atMs: this.#deps.clock.nowMs(), leg, cause });
  }

  #parked(event: SwitchEvent): void {
    const id = channelId(event) ?? "";
    if (event["Event-Name"] === "CHANNEL_HANGUP_COMPLETE") {
      this.#left.forget(id);
      this.#takeovers.forget(id);
    }
    if (event["Event-Name"] !== "CHANNEL_PARK" || this.#isLeft(id)) return;
    // An earlier run has begun this caller's call, and the event came before the list of channels has shown the caller.
    if (!this.#legs.has(id) && savedIn(event) !== undefined) this.#strangers.decide(event);
    else if (isTransferredParty(event) && this.#legIn(this.#legs.get(id), id) === undefined)
      this.#strangers.parked(id);
    else this.#parkedCaller(event);
  }

  /** A caller whom this engine knows and does nothing about for now. */
  #isLeft(id: string): boolean {
    return this.#left.has(id) || this.#takeovers.has(id);
  }

  /** A caller whose call this engine has, is about to take over, or leaves alone for now. */
  #isKnown(id: string): boolean {
    return this.#calls.has(id) || this.#isLeft(id);
  }

  /**
   * A caller without a call is parked; the channel may have been a leg until a phone transferred it.
   * @param mayHaveLegs an earlier run may have claimed the call and dialled, and its state was not saved
   */
  #parkedCaller(channel: SwitchEvent, mayHaveLegs = false): void {
    const id = channelId(channel) ?? "";
    const owner = this.#legs.get(id) ?? this.#calls.get(markedFor(channel) ?? "");
    const leg = this.#legIn(owner, id);
    const state = owner?.state;
    if (owner !== undefined) this.#legLeft(owner, id, "BLIND_TRANSFER");
    this.#arrival(channel, mayHaveLegs, leg, state);
  }

  #legIn(call: Call | undefined, id: string): Leg | undefined {
    return call?.state.legs.find((leg) => leg.id === id);
  }

  /**
   * Begins the call about which the switch asks, or refuses it. Channels that a call has already, and callers whom a phone
   * has transferred, are left to the dialplan, which parks them.
   * @param channel the channel, with the headers that its events have
   */
  asked(channel: SwitchEvent): AskedAbout | undefined {
    const id = channelId(channel) ?? "";
    const context = channel["Caller-Context"] ?? "";
    const isNew = channel["Call-Direction"] === "inbound" && isArrivalContext(context) && isUuid(id);
    if (!this.#isUp || !this.#takesNew || !isNew || this.#isKnown(id) || this.#legs.has(id)) return undefined;
    const sentTo = readSentTo(channel);
    if (savedIn(channel) !== undefined || sentTo.transfer !== "") return undefined;
    // The switch's question has no headers that an office names; the event of a parked channel has them.
    const { carriers } = this.#deps.table();
    if (context === CONTEXT_INBOUND && headersOf(carriers).length > 0) return undefined;
    const arrival = readArrival(channel, this.#deps.clock.nowMs());
    if (arrival === undefined) return undefined;
    if (this.#refuses(arrival)) {
      this.#shed(arrival);
      return { kind: "refused", arrival, context };
    }
    const asked = Call.ask(this.#callDeps(this.#deps.table()), arrival, sentTo);
    if (asked === undefined) return undefined;
    this.#arrivedFrom(arrival);
    this.#calls.set(id, asked.call);
    return { kind: "begun", ...asked, context };
  }

  #refuses(arrival: Arrival): boolean {
    const { admission, table } = this.#deps;
    return (
      admission?.refuses(arrival.id, () => mayBeRefused(arrival, this.#callDeps(table()).world)) === true
    );
  }

  contactsChanged(sipName: string): void {
    const atMs = this.#deps.clock.nowMs();
    for (const call of this.#calls.values())
      if (watchesContacts(call.state)) call.input({ type: "contacts_changed", atMs, sipName });
  }

  /**
   * The connection is up. Calls of a switch that was restarted are gone; each other call goes on from what the switch has
   * of it now. Callers who parked meanwhile, or whom an earlier run of this engine has left, are found and taken over.
   * @param heldBack events of this connection that came before the registrations were known. They are about channels of
   * this run of the switch, so the calls of an earlier run end first.
   */
  resync(coreUuid: string, heldBack: readonly SwitchEvent[] = []): void {
    const restarted = this.#coreUuid !== undefined && this.#coreUuid !== coreUuid;
    this.#coreUuid = coreUuid;
    this.#isUp = true;
    if (restarted) for (const call of this.list()) this.#lost(call);
    const inspected = this.list();
    for (const event of heldBack) this.event(event);
    for (const call of inspected) if (!call.ended) this.#inspect(call);
    this.#left.resume();
    this.#strangers.connected();
    this.#sweepClaims();
  }

  #sweepClaims(): void {
    if (this.#isUp) sweepClaims(this.#paced, (id) => this.#calls.has(id) || this.#takeovers.has(id));
  }

  /** The switch was restarted: the caller is gone, and legs that were dialled will never come. */
  #lost(call: Call): void {
    call.resynced({ type: "resync", caller: null, legs: [] });
    const atMs = this.#deps.clock.nowMs();
    for (const leg of call.state.legs) call.input({ type: "leg_ended", atMs, leg: leg.id, cause: "LOST" });
  }

  #inspect(call: Call, tries = 1): void {
    // The command that cancels it when a call is claimed may have been lost with the connection.
    // A phone that has handed over was told, and is to be ended: that order would be cancelled too.
    const { kind } = call.state.phase;
    if (kind !== "claiming" && kind !== "handed_over") call.cancelFallback(this.#paced);
    const { inputs } = call;
    inspectCall(
      this.#paced,
      call.state,
      (found) => {
        const isOutdated = call.inputs !== inputs;
        // The call has gone on: legs dialled since would be missing, and a caller who was answered since would get no
        // ringing tone.
        if (isOutdated && !call.ended && tries < INSPECTIONS_MAX) this.#inspect(call, tries + 1);
        else call.resynced({ ...this.#without(found, call), ...(isOutdated ? { isOutdated } : {}) });
      },
      () => this.#inspectLater(call),
    );
  }

  /**
   * The call waits for an event that may be lost. If another input comes first, the call asks again when it must.
   * @param stopFirst whatever plays or records on the caller's channel is stopped before
   */
  #inspectForCall(call: Call, stopFirst: boolean): void {
    const { link, clock } = this.#deps;
    const { inputs } = call;
    const isUnchanged = () => call.inputs === inputs && !call.isPaused && !call.ended;
    const look = () => {
      const stopped = stopFirst ? { isStopped: true as const } : {};
      inspectCall(link, call.state, (found) => {
        if (isUnchanged()) call.resynced({ ...this.#without(found, call), isInspection: true, ...stopped });
      });
    };
    if (!stopFirst) look();
    else
      link.send(commands.breakAll(call.id), (reply) => {
        if (reply.outcome === "ok") clock.after(STOPPED_MS, () => isUnchanged() && look());
      });
  }

  /**
   * A reply never came, though the connection is there. If the connection is gone, all calls are inspected after its
   * return.
   */
  #inspectLater(call: Call): void {
    if (!this.#isUp || this.#unsure.has(call.id)) return;
    this.#unsure.add(call.id);
    const losses = this.#losses;
    this.#deps.clock.after(INSPECT_AGAIN_MS, () => {
      if (this.#losses !== losses) return;
      this.#unsure.delete(call.id);
      if (!call.ended) this.#inspect(call);
    });
  }

  /** Leaves out the legs that an attended transfer has made part of another call, though this call dialled them. */
  #without({ transferred = [], ...found }: Found, call: Call): Found {
    if (found.caller === null) for (const dump of transferred) this.#outlives(call, dump);
    const legs = found.legs.filter(
      ({ id, isCaller }) => isCaller === true || (this.#legs.get(id) ?? call) === call,
    );
    return { ...found, legs: legs.map((leg) => ({ ...leg, ...this.#settled(leg.id) })) };
  }

  #settled(id: string): { readonly isSettled?: true } {
    const call = this.#calls.get(id);
    // A call that waits for its inspection may not know of the transfer yet.
    const isSettled = call !== undefined && !call.isPaused && call.state.transfer === null;
    return isSettled ? { isSettled } : {};
  }

  /** The caller is gone; the party whom their phone has transferred gets a call while this one still says who they are. */
  #outlives(call: Call, dump: SwitchEvent): void {
    const id = channelId(dump) ?? "";
    const leg = this.#legIn(call, id);
    if (this.#isKnown(id) || leg === undefined || savedIn(dump) !== undefined || !isParked(dump)) return;
    this.#legs.delete(id);
    this.#arrival(dump, true, leg, call.state);
  }

  /** The connection is gone: the timers of all calls stand still until each was inspected. */
  pause(): void {
    this.#isUp = false;
    this.#losses += 1;
    this.#unsure.clear();
    this.#strangers.pause();
    this.#paced.drop();
    this.#left.pause();
    this.#takeovers.pause();
    for (const call of this.list()) call.pause();
  }

  /**
   * The switch drops events when a connection's queue is full (mod_event_socket.c:387-405), and does not say so. So each
   * call is inspected now and then.
   */
  #inspectQuietCalls(): void {
    const nowMs = this.#deps.clock.nowMs();
    const due = this.list().filter((call) => nowMs - call.knownMs >= QUIET_MS);
    due.sort((a, b) => a.knownMs - b.knownMs);
    for (const call of due.slice(0, INSPECTED_TOGETHER_MAX)) {
      const { inputs } = call;
      inspectCall(this.#paced, call.state, (found) => {
        // The call has handled an input meanwhile: what was found may be out of date, and there will be a next time.
        if (call.inputs !== inputs) return;
        // People talk, and nothing is wrong. A caller who is being transferred is between two bridges for a moment.
        if (call.state.phase.kind === "connected" && found.caller !== null) call.known();
        else call.resynced(this.#without(found, call));
      });
    }
  }

  #takeOver({ saved, dump }: Takeover, table: RoutingTable): void {
    this.#deps.outside?.adopted(saved);
    this.#deps.carriers?.adopted(saved);
    if (this.#calls.has(saved.id)) return;
    const by = arrivedByChannel(dump, table.carriers);
    const call = Call.adopt(this.#callDeps(table), saved, readSentTo(dump), by);
    call.noteTones(dump);
    this.#calls.set(call.id, call);
    this.#deps.log.info({ call: call.id, phase: saved.phase.kind }, "call taken over");
    this.#inspect(call);
  }

  #job(event: SwitchEvent): void {
    const input = readJob(event, this.#deps.clock.nowMs());
    if (input?.type !== "leg_ended") return;
    const call = this.#legs.get(input.leg);
    const { dial } = this.#legIn(call, input.leg) ?? {};
    if (dial?.kind !== "gateway" || MAKES_NO_LEG.has(input.cause)) call?.input(input);
    // The event of the leg's end has the carrier's answer, and may come a moment later, by another thread.
    else this.#deps.clock.after(LEG_END_MS, () => call?.input({ ...input, atMs: this.#deps.clock.nowMs() }));
  }

  /**
   * @param leg the leg that the caller was, until the phone that had called them transferred them
   * @param owner the call of which the channel was a leg
   */
  #arrival(event: SwitchEvent, mayHaveLegs: boolean, leg?: Leg, owner?: CallState): void {
    if (!isCaller(event)) return;
    const wasLeg = leg !== undefined || markedFor(event) !== undefined;
    if (event["Call-Direction"] !== "inbound" && !wasLeg && clickOf(event) === undefined) return;
    // A caller who was a leg is in a conversation that is transferred: not a new call.
    if (!this.#takesNew && !wasLeg) return;
    const arrival = readArrival(event, this.#deps.clock.nowMs(), leg, owner, (channel) =>
      this.#whose(channel),
    );
    if (arrival === undefined) return;
    // An earlier run may have begun the call already.
    if (!mayHaveLegs && !wasLeg && this.#refuses(arrival)) {
      this.#shed(arrival);
      refuseParked(this.#deps.link, arrival, this.#deps.engineId);
      return;
    }
    this.#arrivedFrom(arrival);
    const call = Call.arrive(this.#callDeps(this.#deps.table()), arrival, readSentTo(event), mayHaveLegs);
    call.noteTones(event);
    this.#calls.set(call.id, call);
    this.#onState(call);
  }

  /** A call that is refused, since more arrive than are carried, has a record as any other. */
  #shed(arrival: Arrival): void {
    const { records, table, log } = this.#deps;
    if (records === undefined) return;
    try {
      recordShed(records, arrival, this.#callDeps(table()).world);
    } catch (error) {
      log.error({ call: arrival.id, err: error }, "the record of a call is incomplete");
    }
  }

  #arrivedFrom({ origin, words }: Arrival): void {
    if (origin.kind === "carrier") this.#deps.carriers?.arrived(words, this.#deps.table().carriers);
  }

  #callDeps(table: RoutingTable): CallDeps {
    const { link, clock, ids, log, engineId, contactsOf, memory, remember, onNote } = this.#deps;
    return {
      link,
      clock,
      ids,
      log,
      engineId,
      world: { office: table, contactsOf, memory, ...given({ outside: this.#deps.outside }) },
      onDial: (order) => {
        this.#deps.outside?.dialled(order);
        this.#deps.carriers?.dialled(order);
      },
      remember,
      onNote,
      voicemail: this.#deps.voicemail ?? NO_VOICEMAIL,
      ...given({ records: this.#deps.records }),
      ...given({ measures: this.#deps.measures }),
      legOpened: (leg, call) => this.#legs.set(leg, call),
      onState: (call) => this.#onState(call),
      inspect: (call, stopFirst) => this.#inspectForCall(call, stopFirst),
      unsure: (call) => this.#inspectLater(call),
    };
  }

  #onState(call: Call): void {
    this.#deps.onState?.(call);
    if (call.ended) this.#forget(call);
    else this.#nudging?.set(call.id, awaitsEvent(call.state));
  }

  #forget(call: Call): void {
    this.#nudging?.set(call.id, false);
    this.#calls.delete(call.id);
    if (call.isAnothers) this.#strangers.claimedByOther(call.id);
    for (const leg of legIds(call.state)) if (this.#legs.get(leg) === call) this.#legs.delete(leg);
  }
}

/**
 * Whether a leg has parked in the phones' context: the phone that had called it has transferred it, and it is a caller
 * now.
 */
function isTransferred(event: SwitchEvent, call: Call): boolean {
  return (
    event["Event-Name"] === "CHANNEL_PARK" &&
    channelId(event) !== call.id &&
    event["Caller-Context"] === CONTEXT_PHONES
  );
}

/** Whether a channel that the engine has dialled parks as a caller: a phone has transferred it. */
function isTransferredParty(event: SwitchEvent): boolean {
  return (
    event["Call-Direction"] === "outbound" && event["Caller-Context"] === CONTEXT_PHONES && isCaller(event)
  );
}
