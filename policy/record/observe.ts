/**
 * What of a call is kept, as it happens. After each input the legs before and after are compared, so that no leg is
 * forgotten, whatever has begun or ended it; the input says when, with which cause and status; the core's notes say the
 * rest. Pure: what is seen goes in, happenings come out. One `Observer` belongs to one call and remembers only what its
 * end needs.
 */
import type { Command, Note } from "../call/command.js";
import type { Input } from "../call/input.js";
import { isDeciding, isRinging } from "../call/legs.js";
import type { CallState, Leg } from "../call/state.js";
import { parseTimer } from "../call/timers.js";
import { nameOf } from "../call/transferrer.js";
import { carrierOfGateway } from "../office/gateways.js";
import type { RoutingTable } from "../routing/table.js";
import type { Ring } from "../steps/ring/state.js";
import { takenText } from "../steps/words.js";
import { type ArrivedBy, beganOf } from "./began.js";
import type { Happening, Party, RecordEnding, Side, What, WhatOf } from "./happening.js";
import { flowOf, groupOf, namesOfStep } from "./names.js";
import { sideOfCaller, sideOfKill, sideOfLeg } from "./sides.js";

/** Who keeps what happens. */
export interface Keeper {
  /** The process of the engine, as its journal is called. */
  readonly engine: string;
  happened(happening: Happening): void;
}

/** How a caller's channel went. */
interface Gone {
  readonly side: Side;
  readonly cause: string | null;
  readonly isSeen: boolean;
}

type Dial = Extract<Command, { type: "dial" }>;
type LegEnded = Extract<Input, { type: "leg_ended" }>;

const UNSEEN: Gone = { side: "unknown", cause: null, isSeen: false };

/** The switch carries out a hang-up within this time. Who is gone later may have gone by themselves meanwhile. */
const HUNG_UP_MS = 1_000;

/** A caller may press keys without end in the menu behind a message. */
const DIGITS_MAX = 200;

export class Observer {
  readonly #call: string;
  readonly #keeper: Keeper;
  #gone: Gone | null = null;
  /** Whose doing it was that the caller is being hung up; null: they are not. */
  #endedBy: Side | null = null;
  /** When the office began to hang up on the caller; null: it did not, or another engine did. */
  #hungUpMs: number | null = null;
  #isOver = false;
  #digits = 0;
  /** What the caller hears of an announcement. */
  #prompt = "";
  /** The group under which the step in progress rings phones. */
  #group: string | null = null;
  /** When the step in progress began. */
  #stepMs = 0;

  constructor(call: string, keeper: Keeper) {
    this.#call = call;
    this.#keeper = keeper;
  }

  /** A call has arrived: its first state, and what the core wants done at once. */
  began(state: CallState, by: ArrivedBy, office: RoutingTable): void {
    const atMs = state.arrivedMs;
    this.#add(atMs, beganOf(state, by, office, this.#keeper.engine));
    const { transfer } = state;
    if (transfer !== null) this.#add(atMs, { kind: "transferred", to: transfer.to, by: nameOf(transfer.by) });
  }

  /** The core has handled what `began` told. */
  begun(after: CallState, commands: readonly Command[], office: RoutingTable): void {
    const turn = new ObservedTurn(null, after, commands, office, null);
    for (const command of commands) this.#command(turn, command, after.arrivedMs);
  }

  /** The core has handled an input. */
  handled(
    before: CallState,
    input: Input,
    after: CallState,
    commands: readonly Command[],
    office: RoutingTable,
  ): void {
    if (this.#isOver || before.phase.kind === "ended") return;
    const turn = new ObservedTurn(before, after, commands, office, input);
    const { atMs } = input;
    const isLegEnd = input.type === "leg_ended";
    this.#input(turn, before, input);
    if (before.legs !== after.legs) this.#progress(turn, before, input);
    // The end of a leg that `input` does not tell comes before what the call did then, but for the end of the call.
    if (before.legs !== after.legs) this.#removed(turn, before, input, isLegEnd ? input.leg : null);
    if (before.phase.kind === "ringing" && before.phase !== after.phase)
      this.#notYet(turn, before.phase.ring, atMs);
    this.#movedOn(turn, before, atMs);
    if (after.phase.kind === "ending" && before.phase.kind !== "ending" && !after.phase.callerGone) {
      this.#endedBy = before.phase.kind === "connected" ? "callee" : "office";
      this.#hungUpMs = atMs;
    }
    for (const command of commands) this.#command(turn, command, atMs);
  }

  /**
   * Another engine goes on with the call, from this state. The record may lack the last lines of the engine before, so
   * all that the state knows is told once more.
   */
  adopted(state: CallState, by: ArrivedBy, office: RoutingTable, atMs: number): void {
    const { engine } = this.#keeper;
    this.#found(state.arrivedMs, beganOf(state, by, office, engine));
    this.#add(atMs, { kind: "adopted", engine, revision: state.revision });
    const isClaiming = state.phase.kind === "claiming";
    if (!isClaiming) this.#found(atMs, flowOf(state.flow.source, office));
    const turn = new ObservedTurn(null, state, [], office, null);
    const { phase } = state;
    this.#group = phase.kind === "ringing" ? groupOf(phase.ring.step.target, office) : null;
    this.#stepMs = phase.kind === "ringing" ? beganMs(phase.ring) : 0;
    for (const leg of state.legs) this.#foundLeg(turn, leg, atMs);
    if (phase.kind === "connected")
      this.#found(atMs, { kind: "connected", leg: phase.leg, ...turn.partyOf(phase.leg) });
    if (phase.kind === "ending") this.#endedBy = "unknown";
  }

  /** The core has failed on the call, which is our own mistake. */
  failed(atMs: number, why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const gone = this.#gone ?? { side: "office", cause: null, isSeen: true };
    this.#add(atMs, { kind: "ended", ending: { kind: "failed", why }, ...gone });
  }

  #add(atMs: number, what: What): void {
    this.#keeper.happened({ call: this.#call, atMs, what });
  }

  #found(atMs: number, what: What): void {
    this.#keeper.happened({ call: this.#call, atMs, isFound: true, what });
  }

  #foundLeg(turn: ObservedTurn, leg: Leg, atMs: number): void {
    this.#found(atMs, turn.dialled(leg, undefined, this.#group));
    if (leg.phase !== "dialing" && leg.phase !== "killed")
      this.#found(atMs, { kind: "leg_rings", leg: leg.id });
    if (isDeciding(leg) || leg.phase === "releasing" || leg.phase === "transferring")
      this.#found(atMs, { kind: "leg_answered", leg: leg.id });
  }

  // ---- What the input says ------------------------------------------------------------------------------

  #input(turn: ObservedTurn, before: CallState, input: Input): void {
    switch (input.type) {
      case "leg_ringing":
        this.#legRings(before, input);
        return;
      case "leg_answered":
        if (isUnanswered(legIn(before, input.leg)))
          this.#add(input.atMs, { kind: "leg_answered", leg: input.leg });
        return;
      case "leg_ended":
        if (isToldAlready(before, input)) return;
        this.#add(input.atMs, legEnded(before, input, this.#gone?.side ?? null));
        return;
      case "digit":
        this.#digit(turn, before, input);
        return;
      case "caller_gone":
        this.#callerGone(turn, input.atMs, {
          side: sideOfCaller(before, input, this.#endedBy),
          cause: input.cause,
          isSeen: true,
        });
        return;
      case "resync":
        if (input.caller === null && this.#gone === null)
          this.#callerGone(turn, input.atMs, this.#goneUnheard(before, input.atMs));
        return;
      case "played":
        if (
          input.missing === true &&
          before.phase.kind === "announcing" &&
          before.phase.playId === input.playId
        )
          this.#add(input.atMs, { kind: "prompt", text: this.#prompt, isMissing: true });
        return;
      default:
        return;
    }
  }

  #legRings(before: CallState, { atMs, leg, isMedia }: Extract<Input, { type: "leg_ringing" }>): void {
    const phase = legIn(before, leg)?.phase;
    if (phase === undefined || phase === "dialing" || phase === "killed")
      this.#add(atMs, { kind: "leg_rings", leg, ...(isMedia === true ? { isMedia } : {}) });
  }

  /** Keys of a mailbox session are never told: a PIN may be among them. */
  #digit(turn: ObservedTurn, before: CallState, input: Extract<Input, { type: "digit" }>): void {
    if (turn.after === before || this.#digits >= DIGITS_MAX) return;
    const leg = legIn(before, input.channel);
    const isOfLeg = leg?.phase === "deciding" && leg.prompting;
    const isOfCaller = input.channel === before.id && before.phase.kind === "voicemail";
    if (!isOfLeg && !isOfCaller) return;
    this.#digits += 1;
    this.#add(input.atMs, { kind: "digits", leg: isOfLeg ? input.channel : null, digits: input.digit });
  }

  /**
   * The switch does not show the caller any more, and no event has told the end. A channel that is hung up is not found from
   * then on, and its event comes some milliseconds later (switch_core_session_read_lock, switch_core_session_reporting_state): whom
   * the office has just hung up on is gone by that.
   */
  #goneUnheard({ phase }: CallState, atMs: number): Gone {
    const side = this.#endedBy ?? "unknown";
    const isJust = this.#hungUpMs !== null && atMs - this.#hungUpMs <= HUNG_UP_MS;
    return phase.kind === "ending" && isJust
      ? { side, cause: phase.cause, isSeen: true }
      : { ...UNSEEN, side };
  }

  /** If the call ends with that, `ended` says the same. */
  #callerGone({ after }: ObservedTurn, atMs: number, gone: Gone): void {
    if (this.#gone !== null) return;
    this.#gone = gone;
    if (after.phase.kind !== "ended") this.#add(atMs, { kind: "caller_gone", ...gone });
  }

  // ---- What has become of the legs ----------------------------------------------------------------------

  /** Legs that ring or have answered, and of which the input is no event of theirs. */
  #progress({ after }: ObservedTurn, before: CallState, input: Input): void {
    const { atMs } = input;
    const own = "leg" in input ? input.leg : undefined;
    const add = (what: What) => (input.type === "resync" ? this.#found(atMs, what) : this.#add(atMs, what));
    for (const leg of after.legs) {
      const was = legIn(before, leg.id);
      if (was === undefined || was === leg || was.phase === leg.phase) continue;
      if (was.phase === "dialing" && leg.phase === "ringing" && own !== leg.id)
        add({ kind: "leg_rings", leg: leg.id });
      const isToldByInput = input.type === "leg_answered" && own === leg.id;
      if (isRinging(was) && isAnsweredNow(leg) && !isToldByInput) add({ kind: "leg_answered", leg: leg.id });
    }
  }

  /** @param told the leg whose end the input has told */
  #removed({ after }: ObservedTurn, before: CallState, input: Input, told: string | null): void {
    for (const leg of before.legs) {
      if (leg.id === told || after.legs.some(({ id }) => id === leg.id)) continue;
      const isUnused = after.ending?.kind === "not_ours" && leg.native;
      const cause = isUnused ? "NOT_DIALLED" : input.type === "caller_gone" ? leg.killCause : null;
      this.#add(input.atMs, {
        kind: "leg_ended",
        leg: leg.id,
        cause: cause ?? (input.type === "caller_gone" ? "ORIGINATOR_CANCEL" : "LOST"),
        status: null,
        side: isUnused ? "switch" : input.type === "caller_gone" ? "caller" : sideOfKill(leg.killCause),
        isSeen: isUnused,
        sipCallId: null,
      });
    }
  }

  /** Phones whose time has not come, and will not: the step is over, or has ended their time before it began. */
  #notYet({ after, office }: ObservedTurn, was: Ring, atMs: number): void {
    const is = after.phase.kind === "ringing" && after.phase.ring.step === was.step ? after.phase.ring : null;
    if (is?.phases === was.phases) return;
    was.stations.forEach((station, index) => {
      if (was.phases[index] !== "waiting" || (is !== null && is.phases[index] !== "closed")) return;
      const dueMs = dueOf(was, index, this.#stepMs);
      const party = partyOf(station.who, station.device, office);
      this.#add(atMs, { kind: "not_rung", ...party, reason: "not_yet", group: this.#group, dueMs });
    });
  }

  /** The caller talks to another channel: a phone has handed them over, or took back whom it had handed over. */
  #movedOn({ after, commands, office }: ObservedTurn, before: CallState, atMs: number): void {
    const { phase } = after;
    if (phase.kind !== "connected" || before.phase === phase) return;
    if (before.phase.kind === "connected" && before.phase.leg === phase.leg) return;
    if (commands.some((command) => command.type === "note" && command.note.kind === "connected")) return;
    const leg = legIn(after, phase.leg) ?? legIn(before, phase.leg);
    this.#add(atMs, {
      kind: "connected",
      leg: phase.leg,
      ...partyOf(phase.who ?? leg?.who ?? "", leg?.device, office),
    });
  }

  // ---- What the core wants done, and says -----------------------------------------------------------------

  #command(turn: ObservedTurn, command: Command, atMs: number): void {
    switch (command.type) {
      case "note":
        this.#note(turn, command.note, atMs);
        return;
      case "dial":
        this.#dial(turn, command, atMs);
        return;
      case "play": {
        const { phase } = turn.after;
        if (phase.kind !== "announcing" || phase.playId !== command.playId) return;
        this.#prompt = command.sounds.join(" ");
        this.#add(atMs, { kind: "prompt", text: this.#prompt });
        return;
      }
      default:
        return;
    }
  }

  #dial(turn: ObservedTurn, command: Dial, atMs: number): void {
    // A leg that the switch was to ring, and that is now rung by a command.
    if (turn.before !== null && legIn(turn.before, command.leg) !== undefined) return;
    const leg = legIn(turn.after, command.leg);
    if (leg !== undefined) this.#add(atMs, turn.dialled(leg, command, this.#group));
  }

  #note(turn: ObservedTurn, note: Note, atMs: number): void {
    if (note.kind === "step") {
      this.#group = note.step.kind === "ring" ? groupOf(note.step.target, turn.office) : null;
      this.#stepMs = atMs;
    }
    const what = note.kind === "ended" ? this.#ended(turn, note.ending) : whatOf(turn, note, this.#group);
    if (what !== undefined) this.#add(atMs, what);
  }

  #ended({ input }: ObservedTurn, ending: RecordEnding): What {
    this.#isOver = true;
    const isSeen = input?.type !== "resync";
    const gone = this.#gone ?? { side: this.#endedBy ?? "unknown", cause: null, isSeen };
    return { kind: "ended", ending, ...gone };
  }
}

/** One input at work: what may be looked up for its happenings. */
class ObservedTurn {
  constructor(
    readonly before: CallState | null,
    readonly after: CallState,
    readonly commands: readonly Command[],
    readonly office: RoutingTable,
    readonly input: Input | null,
  ) {}

  partyOf(id: string): { readonly who: string; readonly device: string } {
    const leg = legIn(this.after, id);
    const { phase, answeredBy } = this.after;
    const who = phase.kind === "connected" ? phase.who : null;
    return partyOf(leg?.who ?? who ?? answeredBy ?? "", leg?.device, this.office);
  }

  /** @param command undefined: the leg was dialled by another engine */
  dialled(leg: Leg, command: Dial | undefined, group: string | null): WhatOf<"leg_dialled"> {
    const { dial } = leg;
    const isOutside = dial.kind === "gateway";
    return {
      kind: "leg_dialled",
      leg: leg.id,
      ...partyOf(leg.who, leg.device, this.office),
      to: isOutside ? dial.number : dial.sip,
      group,
      carrier: isOutside ? (carrierOfGateway(dial.carrier, this.office.carriers)?.id ?? dial.carrier) : null,
      shows: isOutside ? this.#shows(leg, command) : null,
      payer: (isOutside ? dial.payer : undefined) ?? null,
    };
  }

  /** The number that a leg to the public network shows or, if it hides its number, the office's to which it counts. */
  #shows({ station }: Leg, command: Dial | undefined): string | null {
    const { phase, caller } = this.after;
    const shown = command ?? (phase.kind === "ringing" ? phase.ring.stations[station] : undefined);
    if (shown !== undefined && shown.isPrivate !== true) return shown.callerNumber;
    if (caller.from === undefined) return shown?.diversion ?? null;
    const { outsideCallerId } = this.office.settings;
    const fixed = outsideCallerId.kind === "fixed" ? outsideCallerId.number : null;
    return this.office.user(caller.from.username)?.outboundNumber ?? fixed;
  }
}

function legIn(state: CallState, id: string): Leg | undefined {
  return state.legs.find((leg) => leg.id === id);
}

/** The end of a dialling, after that of its channel, which says more. */
function isToldAlready(before: CallState, { leg, status, sipCallId }: LegEnded): boolean {
  return legIn(before, leg) === undefined && status === undefined && sipCallId === undefined;
}

/** A number that is rung directly has a device of the core's own making. */
function partyOf(who: string, device: string | null | undefined, office: RoutingTable): Party {
  return { who, device: office.user(who) === undefined ? "" : (device ?? "") };
}

/** When the step in progress began, as far as a saved state tells. */
function beganMs({ endsMs, step, slotBeganMs }: Ring): number {
  return endsMs === null || step.timeoutMs === null ? slotBeganMs : endsMs - step.timeoutMs;
}

/** When a phone of the step would have rung, from the step's beginning; null: that depends on those before it. */
function dueOf(ring: Ring, index: number, stepMs: number): number | null {
  const station = ring.stations[index];
  if (station === undefined) return null;
  let slotMs = ring.slotBeganMs - stepMs;
  for (const lengthMs of ring.slotMs.slice(ring.slot, station.slot)) {
    if (lengthMs === null) return null;
    slotMs += lengthMs;
  }
  return slotMs + station.startMs;
}

/** Also a leg that was killed, or given up: its answer was faster. */
function isUnanswered(leg: Leg | undefined): boolean {
  return leg === undefined || isRinging(leg) || leg.phase === "killed";
}

function isAnsweredNow(leg: Leg): boolean {
  return isDeciding(leg) || leg.phase === "releasing" || leg.phase === "transferring";
}

function legEnded(before: CallState, input: LegEnded, goneBy: Side | null): WhatOf<"leg_ended"> {
  const { leg, cause, status, sipCallId } = input;
  return {
    kind: "leg_ended",
    leg,
    cause,
    status: status ?? null,
    side: sideOfLeg(legIn(before, leg), before, input, goneBy),
    isSeen: cause !== "LOST",
    sipCallId: sipCallId ?? null,
  };
}

/** What a note of the core is in a record; undefined: nothing, or the legs tell it. */
function whatOf(turn: ObservedTurn, note: Note, group: string | null): What | undefined {
  const { office, input, before, after } = turn;
  switch (note.kind) {
    case "flow":
      return flowOf(note.source, office);
    case "step":
      return { kind: "step", text: takenText(note.step), names: namesOfStep(note.step, office) };
    case "step_outcome":
      return {
        kind: "step_outcome",
        text: takenText(note.step),
        outcome: note.outcome,
        schedule: note.step.kind === "schedule" ? note.step.schedule : null,
        isOpen: note.isOpen ?? null,
      };
    case "emergency":
      return {
        kind: "emergency",
        number: note.number,
        user: note.by,
        device: note.device,
        isTest: note.isTest === true,
      };
    case "not_rung": {
      const { who, device, reason } = note.whom;
      return { kind: "not_rung", ...partyOf(who, device, office), reason, group };
    }
    case "deciding":
      return { kind: "leg_asked", leg: note.leg };
    case "accepted":
      return { kind: "leg_accepts", leg: note.leg };
    case "declined":
      return { kind: "leg_declines", leg: note.leg };
    case "winner_lost":
      return { kind: "winner_lost", leg: note.leg, cause: note.cause };
    case "connected":
      return { kind: "connected", leg: note.leg, ...partyOf(note.who, note.device, office) };
    case "next_carrier":
      return {
        kind: "next_carrier",
        leg: failedLeg(input, before, note) ?? "",
        failed: note.failed,
        why: note.why,
        carrier: note.carrier,
      };
    case "rollover":
      return {
        kind: "rollover",
        why: note.why,
        timer: input?.type === "timer" ? parseTimer(input.id).kind : null,
      };
    case "transferred":
      return { kind: "transferred", to: note.to, by: transferredBy(before, after) };
    case "refused":
    case "transfer_failed":
    case "greeting":
    case "recording":
    case "no_message":
    case "mailbox_refused":
    case "listens":
    case "pin_refused":
    case "bound_reached":
      return note;
    case "arrived":
    case "rings":
    case "leg_ended":
    case "late":
    case "ended":
      return undefined;
  }
}

/** The leg of the carrier that has failed. */
function failedLeg(
  input: Input | null,
  before: CallState | null,
  { who, failed }: Extract<Note, { kind: "next_carrier" }>,
): string | undefined {
  if (input?.type === "leg_ended") return input.leg;
  return before?.legs.find(({ dial, who: whose }) => {
    return whose === who && dial.kind === "gateway" && dial.carrier === failed;
  })?.id;
}

function transferredBy(before: CallState | null, after: CallState): string | null {
  if (after.transfer !== null) return nameOf(after.transfer.by);
  if (before?.phase.kind !== "connected") return null;
  const { leg, who } = before.phase;
  return legIn(before, leg)?.who ?? who ?? before.answeredBy;
}
