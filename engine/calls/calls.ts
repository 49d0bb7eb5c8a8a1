/**
 * All calls in progress: takes those that park, hands each event to the call whose channel it is about,
 * and puts every call in order again when the connection comes back.
 */
import type { Logger } from "pino";
import type { Note } from "../../policy/call/command.js";
import { derivedId } from "../../policy/call/derived-id.js";
import { awaitsEvent, watchesContacts } from "../../policy/call/phases.js";
import type { Leg } from "../../policy/call/state.js";
import type { Contact, Memory } from "../../policy/call/world.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import * as commands from "../switch/commands.js";
import { bridged, channelId } from "../switch/events.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { NO_VOICEMAIL, type VoicemailPort } from "../voicemail/voicemail-port.js";
import { Call, type CallDeps } from "./call.js";
import { sweepClaims } from "./claims.js";
import { readArrival, readJob, readSentTo } from "./inputs.js";
import { LeftCallers } from "./left-callers.js";
import { Nudging } from "./nudging.js";
import { dumpChannel, type Found, inspectCall, isParked, listCallers } from "./resync.js";
import { readState, type SavedState } from "./saved-state.js";
import {
  CALL_VARIABLE,
  CLAIM_REALM,
  CONTEXT_PHONES,
  isCallersContext,
  STATE_VARIABLE,
} from "./switch-contract.js";
import { type Takeover, Takeovers } from "./takeovers.js";

/** How soon the switch is asked again about a call, when one of its replies did not come. */
const INSPECT_AGAIN_MS = 1_000;

/**
 * When the switch is asked again for its list of channels after connecting. A channel was seen to be missing from the
 * list for 100 ms on an idle machine; a thread writes it that falls behind under load (switch_core_sqldb.c).
 */
const LIST_AGAIN_MS: readonly number[] = [250, 750, 3_000];

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
  readonly remember: CallDeps["remember"];
  readonly onNote: (call: Call, note: Note) => void;
  /** A call has handled an input. */
  readonly onState?: (call: Call) => void;
  /** Turns the link's nudging on and off. */
  readonly nudging?: (on: boolean) => void;
  /** What calls need of voicemail; left out: no mailbox takes messages. */
  readonly voicemail?: VoicemailPort;
}

/** How long the legs of a call that begins anew may take to end. */
const LEGS_GONE_MS = 1_000;

/**
 * How often a call is inspected that handles an input each time meanwhile; the last inspection is believed all the
 * same.
 */
const INSPECTIONS_MAX = 10;
/** A call without news of its caller for so long is inspected at the next HEARTBEAT, which comes every 20 s. */
const QUIET_MS = 30_000;
/** Calls inspected at one HEARTBEAT, those longest without news first: an inspection costs the switch something. */
const INSPECTED_TOGETHER_MAX = 50;

export class Calls {
  readonly #deps: CallsDeps;
  readonly #calls = new Map<string, Call>();
  /** Leg's channel -> its call. */
  readonly #legs = new Map<string, Call>();
  readonly #nudging: Nudging | undefined;
  readonly #left: LeftCallers;
  readonly #takeovers: Takeovers;

  /** The run of the switch to which the link was connected last. */
  #coreUuid: string | undefined;
  #isUp = false;
  #takesNew = true;
  #listsAgain: TimerHandle | undefined;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
    this.#left = new LeftCallers({ ...deps, again: (dump) => this.#stranger(dump) });
    this.#takeovers = new Takeovers({
      ...deps,
      takeOver: (takeover, table) => this.#takeOver(takeover, table),
      leaveToMessage: (dump, why) => this.#left.leaveToMessage(dump, why),
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

  has(id: string): boolean {
    return this.#calls.has(id);
  }

  list(): readonly Call[] {
    return [...this.#calls.values()];
  }

  event(event: SwitchEvent): void {
    if (event["Event-Name"] === "BACKGROUND_JOB") {
      this.#job(event);
      return;
    }
    if (event["Event-Name"] === "HEARTBEAT") {
      this.#inspectQuietCalls();
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
    for (const [here, there] of [
      [sides.a, sides.b],
      [sides.b, sides.a],
    ] as const) {
      this.#calls.get(here)?.event(event);
      const owner = this.#legs.get(here);
      if (owner !== undefined && owner.id !== there) this.#legLeft(owner, here, "ATTENDED_TRANSFER");
    }
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
    const owner = this.#legs.get(id);
    const leg = owner?.state.legs.find((each) => each.id === id);
    if (owner !== undefined) this.#legLeft(owner, id, "BLIND_TRANSFER");
    // The event came before the list of channels has shown this caller.
    else if (savedIn(event)?.kind === "newer") {
      this.#stranger(event);
      return;
    }
    this.#arrival(event, leg);
  }

  /** A caller whom this engine knows and does nothing about for now. */
  #isLeft(id: string): boolean {
    return this.#left.has(id) || this.#takeovers.has(id);
  }

  contactsChanged(sipName: string): void {
    const atMs = this.#deps.clock.nowMs();
    for (const call of this.#calls.values())
      if (watchesContacts(call.state)) call.input({ type: "contacts_changed", atMs, sipName });
  }

  /**
   * The connection is up. Calls of a switch that was restarted are gone; each other call goes on from what the switch has
   * of it now. Callers who parked meanwhile, or whom an earlier run of this engine has left, are found and taken over.
   */
  resync(coreUuid: string): void {
    const restarted = this.#coreUuid !== undefined && this.#coreUuid !== coreUuid;
    this.#coreUuid = coreUuid;
    this.#isUp = true;
    for (const call of this.list()) {
      if (restarted) this.#lost(call);
      else this.#inspect(call);
    }
    this.#left.resume();
    this.#findCallers(new Set(), LIST_AGAIN_MS);
    sweepClaims(this.#deps.link, (id) => this.#calls.has(id));
  }

  /**
   * Finds the callers that the switch lists and that are no call here. The list lags, so it is asked for several times: a
   * caller who parked just before the connection was up is in none of its events, and not yet in the list.
   */
  #findCallers(seen: Set<string>, againMs: readonly number[]): void {
    listCallers(this.#deps.link, (ids) => {
      for (const id of ids) {
        if (this.#calls.has(id) || this.#isLeft(id) || seen.has(id)) continue;
        seen.add(id);
        dumpChannel(this.#deps.link, id, (dump) => {
          if (typeof dump !== "string" && !this.#calls.has(id)) this.#stranger(dump);
        });
      }
    });
    const [nextMs, ...laterMs] = againMs;
    if (this.#listsAgain !== undefined) this.#deps.clock.cancel(this.#listsAgain);
    this.#listsAgain =
      nextMs === undefined
        ? undefined
        : this.#deps.clock.after(nextMs, () => this.#findCallers(seen, laterMs));
  }

  /** The switch was restarted: the caller is gone, and legs that were dialled will never come. */
  #lost(call: Call): void {
    call.resynced({ type: "resync", caller: null, legs: [] });
    const atMs = this.#deps.clock.nowMs();
    for (const leg of call.state.legs) call.input({ type: "leg_ended", atMs, leg: leg.id, cause: "LOST" });
  }

  #inspect(call: Call, tries = 1): void {
    // The command that cancels it when a call is claimed may have been lost with the connection.
    if (call.state.phase.kind !== "claiming") call.cancelFallback();
    const { inputs } = call;
    inspectCall(
      this.#deps.link,
      call.state,
      (found) => {
        // The call has gone on, so what was found is out of date: legs dialled since would count as lost, and a caller
        // who was answered since would get no ringing tone.
        if (call.inputs !== inputs && !call.ended && tries < INSPECTIONS_MAX) this.#inspect(call, tries + 1);
        else call.resynced(this.#without(found, call));
      },
      () => this.#inspectLater(call),
    );
  }

  /** The call waits for an event that may be lost. If another input comes first, the call asks again when it must. */
  #inspectForCall(call: Call): void {
    const { inputs } = call;
    inspectCall(this.#deps.link, call.state, (found) => {
      if (call.inputs === inputs && !call.isPaused)
        call.resynced({ ...this.#without(found, call), isInspection: true });
    });
  }

  /** The reply about one channel never came. If the connection is gone, all calls are inspected after its return. */
  #inspectLater(call: Call): void {
    this.#deps.clock.after(INSPECT_AGAIN_MS, () => {
      if (this.#isUp && !call.ended && call.isPaused) this.#inspect(call);
    });
  }

  /** Leaves out the legs that a transfer has made part of another call, though this call dialled them. */
  #without(found: Found, call: Call): Found {
    const legs = found.legs.filter(({ id }) => !this.#calls.has(id) && (this.#legs.get(id) ?? call) === call);
    return { ...found, legs };
  }

  /** The connection is gone: the timers of all calls stand still until each was inspected. */
  pause(): void {
    this.#isUp = false;
    if (this.#listsAgain !== undefined) this.#deps.clock.cancel(this.#listsAgain);
    this.#listsAgain = undefined;
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
      inspectCall(this.#deps.link, call.state, (found) => {
        // The call has handled an input meanwhile: what was found may be out of date, and there will be a next time.
        if (call.inputs !== inputs) return;
        // People talk, and nothing is wrong. A caller who is being transferred is between two bridges for a moment.
        if (call.state.phase.kind === "connected" && found.caller !== null) call.known();
        else call.resynced(this.#without(found, call));
      });
    }
  }

  /** A caller who is no call here: an earlier run has left them, or they arrived while there was no connection. */
  #stranger(dump: SwitchEvent): void {
    const id = channelId(dump) ?? "";
    const saved = savedIn(dump);
    if (saved === undefined) {
      if (!isParked(dump)) return;
      this.#endLegs(id);
      this.#arrival(dump);
      return;
    }
    this.#deps.link.send(commands.hashSelect(CLAIM_REALM, id), (held) => {
      if (held.outcome === "unknown" || this.#calls.has(id)) return;
      const isNobodys = held.outcome === "refused";
      if (held.text === this.#deps.engineId || (isNobodys && saved.kind === "unreadable"))
        this.#goOn(saved, dump);
      else this.#left.forget(id);
    });
  }

  /** Goes on with a call from the state that an earlier run of this engine has saved. */
  #goOn(saved: SavedState, dump: SwitchEvent): void {
    if (saved.kind === "newer") {
      this.#left.leaveToNewerEngine(dump, saved.version);
      return;
    }
    const call = channelId(dump) ?? "";
    if (saved.kind === "unreadable" && this.#left.leaveToMessage(dump, saved.why)) return;
    this.#left.forget(call);
    if (saved.kind === "state") {
      this.#takeovers.begin({ saved: saved.state, dump });
      return;
    }
    if (!isParked(dump)) return;
    this.#deps.log.error({ call, why: saved.why }, "the state of a call is unreadable: the call begins anew");
    this.#beginAnew(call);
  }

  /**
   * The call begins anew, and its new legs get the ids of the old ones. The switch refuses an id that is still in use, so
   * the old legs are ended first.
   */
  #beginAnew(id: string): void {
    const { link, clock } = this.#deps;
    this.#endLegs(id);
    clock.after(LEGS_GONE_MS, () =>
      dumpChannel(link, id, (dump) => {
        if (typeof dump !== "string" && !this.#calls.has(id) && isParked(dump)) this.#arrival(dump);
      }),
    );
  }

  #endLegs(call: string): void {
    this.#deps.link.send(commands.hupallVar("NORMAL_CLEARING", CALL_VARIABLE, call), () => {});
  }

  #takeOver({ saved, dump }: Takeover, table: RoutingTable): void {
    if (this.#calls.has(saved.id)) return;
    const call = Call.adopt(this.#callDeps(table), saved, readSentTo(dump));
    this.#calls.set(call.id, call);
    this.#deps.log.info({ call: call.id, phase: saved.phase.kind }, "call taken over");
    this.#inspect(call);
  }

  #job(event: SwitchEvent): void {
    const input = readJob(event, this.#deps.clock.nowMs());
    if (input?.type !== "leg_ended") return;
    this.#legs.get(input.leg)?.input(input);
  }

  /** @param leg the leg that the caller was, until the phone that had called them transferred them */
  #arrival(event: SwitchEvent, leg?: Leg): void {
    const context = event["Caller-Context"];
    if (!isCallersContext(context)) return;
    if (event["Call-Direction"] !== "inbound" && leg === undefined) return;
    // A caller who was a leg is in a conversation that is transferred: not a new call.
    if (!this.#takesNew && leg === undefined) return;
    const arrival = readArrival(event, this.#deps.clock.nowMs(), leg);
    if (arrival === undefined) return;
    const call = Call.arrive(this.#callDeps(this.#deps.table()), arrival, readSentTo(event));
    this.#calls.set(call.id, call);
    this.#onState(call);
  }

  #callDeps(table: RoutingTable): CallDeps {
    const { link, clock, ids, log, engineId, contactsOf, memory, remember, onNote } = this.#deps;
    return {
      link,
      clock,
      ids,
      log,
      engineId,
      world: { office: table, contactsOf, memory },
      remember,
      onNote,
      voicemail: this.#deps.voicemail ?? NO_VOICEMAIL,
      legOpened: (leg, call) => this.#legs.set(leg, call),
      onState: (call) => this.#onState(call),
      inspect: (call) => this.#inspectForCall(call),
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
    for (let n = 1; n <= call.state.legCount; n++) {
      const leg = derivedId(call.id, n);
      // A leg that became a caller may be the owner of this id, since it derives the same ids for its legs.
      if (this.#legs.get(leg) === call) this.#legs.delete(leg);
    }
  }
}

/** The saved state on a caller's channel; undefined: there is none. */
function savedIn(channel: SwitchEvent): SavedState | undefined {
  const text = channel[`variable_${STATE_VARIABLE}`] ?? "";
  return text === "" ? undefined : readState(text, channelId(channel) ?? "");
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
