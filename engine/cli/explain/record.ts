/**
 * Records one call of the live engine for people to read: which phones ring from when to when and why they stop, which
 * do not ring and why, what is decided, and how the call ends. Times are milliseconds into the call; 0 is the moment at
 * which the call reaches the engine.
 */
import type { Note } from "../../../policy/call/command.js";
import { isRinging } from "../../../policy/call/legs.js";
import type { Ending, Leg } from "../../../policy/call/state.js";
import { longestStepMs } from "../../../policy/ring/longest.js";
import type { NotRungReason } from "../../../policy/ring/plan.js";
import { kindOf } from "../../../policy/steps/registry.js";
import type { StepKindName } from "../../../policy/steps/types.js";
import type { Call } from "../../calls/call.js";
import type { Clock } from "../../clock.js";
import { endingWord } from "../../watch/story.js";
import type { Pickup, Script } from "./call-script.js";

/** One phone, from its first ring to its last. */
export interface Ring {
  /** The username, or the number of a phone that belongs to no user. */
  readonly who: string;
  readonly device: string;
  /** SIP name, or number in E.164. */
  readonly phone: string;
  /** The target that the step rings, as in the file. */
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Why it stopped. */
  readonly end: RingEnd;
}

/**
 * - `answered`: somebody picked up, whether or not the call was then connected to that phone.
 * - `time_over`: the device's, the member's or the step's ring time ended.
 * - `taken_elsewhere`: another phone has the call.
 * - `caller_gone`: the caller gave up.
 * - any other word: the phone's answer, as the switch names it (Q.850), in lower case.
 */
export type RingEnd = "answered" | "time_over" | "taken_elsewhere" | "caller_gone" | string;

/** A phone or a user that should have rung and did not. `reason` is one of the ring plan's, or the phone's answer. */
export interface Silent {
  readonly who: string;
  /** null: the user as a whole. */
  readonly device: string | null;
  readonly target: string;
  readonly atMs: number;
  readonly reason: NotRungReason | "do_not_disturb" | string;
}

/** A step of a flow that the call reached. */
export interface StepTaken {
  readonly kind: StepKindName;
  /** The target, the sound, the mailbox, or the hangup's reason. */
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of a ring step: how long it rings. Null: until the caller gives up. */
  readonly timeoutMs?: number | null;
  /** Of a ring step: how long it may take at most, since who answers last is asked to press 1. Null: without end. */
  readonly longestMs?: number | null;
}

/** An event of the call: a note of the core, or a phone that stopped ringing. */
export type Happening =
  | { readonly atMs: number; readonly kind: "note"; readonly note: Note }
  | {
      readonly atMs: number;
      readonly kind: "stops";
      readonly who: string;
      readonly device: string;
      readonly end: RingEnd;
    };

export interface PlayedEnding {
  /**
   * `answered`, `message`, `missed`, `failed`, a `hangup`'s reason, `unassigned`, or `unfinished` if the call outlasts
   * the time that is played.
   */
  readonly word: string;
  /** For `answered`: when caller and phone were connected. */
  readonly atMs: number;
  readonly by: string | null;
  readonly device: string | null;
}

/** The record of a whole call. */
export interface Played {
  readonly script: Script;
  /** The called number as the office writes it, or as it was dialled. */
  readonly called: string;
  readonly steps: readonly StepTaken[];
  readonly rings: readonly Ring[];
  readonly silent: readonly Silent[];
  readonly happenings: readonly Happening[];
  readonly ending: PlayedEnding;
  /** Pickups of the script for which no phone was ringing at their time. */
  readonly unused: readonly Pickup[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

export class Recorder {
  readonly #happenings: Happening[] = [];
  readonly #steps: Open<StepTaken>[] = [];
  readonly #rings = new Map<string, Open<Ring>>();
  readonly #silent: Silent[] = [];
  /** The legs at the last comparison. */
  readonly #legs = new Map<string, Leg>();
  #call: Call | undefined;
  #connected: Extract<Note, { kind: "connected" }> | undefined;
  #connectedMs = 0;
  /** When the ending was decided: from then on legs are only cleared, which may take a while. */
  #endingMs: number | undefined;
  #ended: Ending | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly script: Script,
  ) {}

  /** Called with each note of the core, when it is made. */
  onNote(call: Call, note: Note): void {
    this.#call ??= call;
    // Losers stop ringing because a phone was connected, so that note comes first. All other notes come after the
    // changes of legs.
    if (note.kind !== "connected") this.compareLegs(call);
    const atMs = note.kind === "ended" ? (this.#endingMs ?? this.#nowMs(call)) : this.#nowMs(call);
    this.#happenings.push({ atMs, kind: "note", note });
    this.#take(note, atMs, call);
  }

  #take(note: Note, atMs: number, call: Call): void {
    switch (note.kind) {
      case "step":
        this.#closeStep(atMs);
        this.#steps.push({
          kind: note.step.kind,
          what: kindOf(note.step).what(note.step),
          fromMs: atMs,
          toMs: Number.POSITIVE_INFINITY,
        });
        return;
      case "rings":
        this.#rings.set(note.leg, this.#newRing(note, call, atMs));
        return;
      case "not_rung":
        this.#silent.push({ ...note.whom, target: this.#target(), atMs });
        return;
      case "leg_ended":
        this.#legEnded(note, atMs);
        return;
      case "connected":
        this.#connected = note;
        this.#connectedMs = atMs;
        this.#closeStep(atMs);
        return;
      case "ended":
        this.#ended = note.ending;
        this.#closeStep(atMs);
        return;
      default:
        return;
    }
  }

  /** Compares the call's legs with the last comparison, and records which stopped ringing and why. */
  compareLegs(call: Call): void {
    if (this.#call !== undefined && call !== this.#call) return;
    const now = new Map(call.state.legs.map((leg) => [leg.id, leg]));
    const atMs = this.#nowMs(call);
    this.#takeLongest(call);
    if (call.state.ending !== null) this.#endingMs ??= atMs;
    for (const [id, before] of this.#legs) {
      if (!isRinging(before)) continue;
      const leg = now.get(id);
      if (leg === undefined || isRinging(leg)) continue;
      this.#stopped(leg, atMs);
    }
    // A leg that is gone is kept until its note arrives.
    for (const [id, leg] of now) this.#legs.set(id, leg);
  }

  /** The plan of a ring step is in the state once the step has begun. */
  #takeLongest({ state: { phase } }: Call): void {
    const step = this.#steps.at(-1);
    if (phase.kind !== "ringing" || step?.kind !== "ring" || step.longestMs !== undefined) return;
    step.timeoutMs = phase.ring.step.timeoutMs;
    step.longestMs = longestStepMs(phase.ring.step, phase.ring);
  }

  #stopped(leg: Leg, atMs: number): void {
    const end = leg.phase === "killed" ? endOfKill(leg.killCause ?? "") : "answered";
    const ring = this.#rings.get(leg.id);
    if (ring === undefined) return;
    ring.toMs = atMs;
    ring.end = end;
    if (end !== "answered")
      this.#happenings.push({ atMs, kind: "stops", who: leg.who, device: leg.device, end });
  }

  /** Records a leg that ended by itself. The note has no leg id: it is the leg that is no longer in the state. */
  #legEnded(note: Extract<Note, { kind: "leg_ended" }>, atMs: number): void {
    const call = this.#call;
    if (call === undefined) return;
    for (const [id, leg] of this.#legs) {
      if (leg.who !== note.who || leg.device !== note.device || leg.phase === "killed") continue;
      if (call.state.legs.some((each) => each.id === id)) continue;
      const ring = this.#rings.get(id);
      this.#legs.delete(id);
      if (ring !== undefined) {
        if (ring.toMs !== Number.POSITIVE_INFINITY) return;
        ring.toMs = atMs;
        ring.end = note.cause.toLowerCase();
      } else {
        const phone = phoneOf(leg);
        const reason = this.script.dnd.has(phone) ? "do_not_disturb" : note.cause.toLowerCase();
        this.#silent.push({ who: note.who, device: note.device, target: this.#target(), atMs, reason });
      }
      return;
    }
  }

  #newRing(note: Extract<Note, { kind: "rings" }>, call: Call, atMs: number): Open<Ring> {
    const leg = call.state.legs.find(({ id }) => id === note.leg) ?? this.#legs.get(note.leg);
    return {
      who: note.who,
      device: note.device,
      phone: leg === undefined ? note.who : phoneOf(leg),
      target: this.#target(),
      fromMs: atMs,
      toMs: Number.POSITIVE_INFINITY,
      end: "answered",
    };
  }

  #target(): string {
    return this.#steps.at(-1)?.what ?? "";
  }

  #closeStep(atMs: number): void {
    const last = this.#steps.at(-1);
    if (last !== undefined && last.toMs === Number.POSITIVE_INFINITY) last.toMs = atMs;
  }

  #nowMs(call: Call): number {
    return this.clock.nowMs() - call.state.arrivedMs;
  }

  /** The complete record, once the call is over. */
  played(unused: readonly Pickup[]): Played {
    return {
      script: this.script,
      called: this.#call?.state.caller.called ?? this.script.dialled,
      steps: this.#steps,
      rings: [...this.#rings.values()],
      silent: this.#silent,
      happenings: this.#happenings,
      ending: this.#ending(),
      unused,
    };
  }

  #ending(): PlayedEnding {
    const ended = this.#ended;
    if (ended === undefined) return { word: "unfinished", atMs: 0, by: null, device: null };
    if (ended.kind === "answered")
      return {
        word: "answered",
        atMs: this.#connectedMs,
        by: ended.by,
        device: this.#connected?.device ?? null,
      };
    const tooLong = ended.kind === "missed" && this.script.giveUpMs === undefined;
    return {
      word: tooLong ? "unfinished" : endingWord(ended),
      atMs: this.#endingMs ?? 0,
      by: null,
      device: null,
    };
  }
}

function phoneOf({ dial }: Leg): string {
  return dial.kind === "contact" ? dial.sip : dial.number;
}

/** The causes with which the core itself ends legs; see `policy/call`. */
function endOfKill(cause: string): RingEnd {
  switch (cause) {
    case "NO_ANSWER":
      return "time_over";
    case "LOSE_RACE":
      return "taken_elsewhere";
    case "ORIGINATOR_CANCEL":
      return "caller_gone";
    default:
      return cause.toLowerCase();
  }
}
