/**
 * Watches one call of the live engine and writes down what people ask about: which phones ring from when to
 * when and why they stop, which do not and why, what is decided, how it ends. Times are milliseconds into the
 * call; the moment it reaches the engine is 0.
 */
import type { Note } from "../../../policy/call/command.js";
import { isRinging } from "../../../policy/call/legs.js";
import type { Ending, Leg } from "../../../policy/call/state.js";
import type { NotRungReason } from "../../../policy/ring/plan.js";
import { kindOf } from "../../../policy/steps/registry.js";
import type { StepKindName } from "../../../policy/steps/types.js";
import type { Call } from "../../calls/call.js";
import type { Clock } from "../../clock.js";
import { endingWord } from "../../watch/story.js";
import type { Pickup, Script } from "./call-script.js";

/** One phone, from its first ring to its last. */
export interface Ring {
  /** The user, or the number of a phone that belongs to nobody here. */
  readonly who: string;
  readonly device: string;
  /** SIP name, or number in E.164. */
  readonly phone: string;
  /** Whom the step rings, as in the file. */
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Why it stopped. */
  readonly end: RingEnd;
}

/**
 * - `answered`: somebody picked up; whether they got the call is another question.
 * - `time_over`: its own time, the member's, or the step's.
 * - `taken_elsewhere`: another phone has the call.
 * - `caller_gone`: the caller gave up.
 * - any other word: what the phone said, as the switch names it (Q.850), in lower case.
 */
export type RingEnd = "answered" | "time_over" | "taken_elsewhere" | "caller_gone" | string;

/** A phone or a user that was to ring and did not. `reason` is one of the plan's, or what the phone said. */
export interface Silent {
  readonly who: string;
  /** null: the user as a whole. */
  readonly device: string | null;
  readonly target: string;
  readonly atMs: number;
  readonly reason: NotRungReason | "do_not_disturb" | string;
}

/** A step of a flow in progress. */
export interface StepTaken {
  readonly kind: StepKindName;
  /** The target, the sound, the mailbox, or the reason. */
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something that happened, as the core noted it, or a phone that was made to stop. */
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
  /** `answered`, `message`, `missed`, `failed`, a `hangup`'s reason, `unassigned`, or `unfinished`: longer than is watched. */
  readonly word: string;
  /** For `answered`, when they were connected. */
  readonly atMs: number;
  readonly by: string | null;
  readonly device: string | null;
}

/** All that was seen of a call. */
export interface Played {
  readonly script: Script;
  /** The number called as the office writes it, or as it was dialled. */
  readonly called: string;
  readonly steps: readonly StepTaken[];
  readonly rings: readonly Ring[];
  readonly silent: readonly Silent[];
  readonly happenings: readonly Happening[];
  readonly ending: PlayedEnding;
  /** Who was to pick up, and had no phone that rang then. */
  readonly unused: readonly Pickup[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

export class Recorder {
  readonly #happenings: Happening[] = [];
  readonly #steps: Open<StepTaken>[] = [];
  readonly #rings = new Map<string, Open<Ring>>();
  readonly #silent: Silent[] = [];
  /** Legs as they were when last looked at. */
  readonly #legs = new Map<string, Leg>();
  #call: Call | undefined;
  #connected: Extract<Note, { kind: "connected" }> | undefined;
  #connectedMs = 0;
  /** When it was decided: from then on only legs are put away, which may take a while. */
  #endingMs: number | undefined;
  #ended: Ending | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly script: Script,
  ) {}

  /** A note of the core, in the moment it is made. */
  hears(call: Call, note: Note): void {
    this.#call ??= call;
    // Losers stop because somebody was connected: that is to be read first. Everything else comes after.
    if (note.kind !== "connected") this.looksAt(call);
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

  /** Compares the call's legs with what they were: who stopped ringing, and why. */
  looksAt(call: Call): void {
    if (this.#call !== undefined && call !== this.#call) return;
    const now = new Map(call.state.legs.map((leg) => [leg.id, leg]));
    const atMs = this.#nowMs(call);
    if (call.state.ending !== null) this.#endingMs ??= atMs;
    for (const [id, before] of this.#legs) {
      if (!isRinging(before)) continue;
      const leg = now.get(id);
      if (leg === undefined || isRinging(leg)) continue;
      this.#stopped(leg, atMs);
    }
    // One that is gone stays until its note has come.
    for (const [id, leg] of now) this.#legs.set(id, leg);
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

  /** A leg that ended by itself: its note has no id, but the leg is the one that is no longer there. */
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

  /** Everything, once the call is over. */
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
