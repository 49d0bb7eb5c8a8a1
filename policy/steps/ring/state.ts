/** What a call keeps while a ring step waits. Part of the call's state: plain data. */
import type { Turn } from "../../call/turn.js";
import type { Station } from "../../ring/plan.js";
import type { RingStep } from "./step.js";

/** A station (a device of the ring plan): waiting for its start, open for legs, or done. */
export type StationPhase = "waiting" | "open" | "closed";

export interface Ring {
  readonly step: RingStep;
  readonly stations: readonly Station[];
  readonly phases: readonly StationPhase[];
  /** The slot that rings now: stations of one slot ring together, and in-order strategies ring slot after slot. */
  readonly slot: number;
  readonly slotMs: readonly (number | null)[];
  readonly slotBeganMs: number;
  /** The ring clock's end; null: none. */
  readonly endsMs: number | null;
  readonly clockEnded: boolean;
  /** Somebody who was asked to accept has sent the caller to the next step. */
  readonly skipped: boolean;
  /** The switch itself rings phones for the caller: the caller parks when all of these legs have ended. */
  readonly native: boolean;
  /** What rang (as in `rung`) until the switch chose another of the phones that it rings itself. */
  readonly losers: readonly string[];
  /**
   * The leg that the caller hears before it is answered: the bridge was asked for, and `stands` or not. null: none.
   */
  readonly early: { readonly leg: string; readonly stands: boolean } | null;
  /** The leg that is being connected. */
  readonly winner: string | null;
  /** Every contact and number that this step has rung, as `station url`, so that none rings twice. */
  readonly rung: readonly string[];
  /** The bridge command for the winner was sent. */
  readonly bridging: boolean;
  /**
   * How often the connect timer has run out for this winner or, without a winner, the timer of the caller's parking; see
   * `connecting.ts`.
   */
  readonly waits: number;
}

declare module "../types.js" {
  interface StepPhases {
    ringing: { readonly ring: Ring };
  }
  interface StepTimers {
    /** The step's time. */
    ring: true;
    /** The time of the slot whose stations ring now. */
    slot: true;
    /** The connection of the winner. */
    connect: true;
    /** The caller's leg comes back to park. */
    repark: true;
    /** Legs that were dialled and that no inspection has shown yet are looked for again. */
    appear: true;
    /** The event of the caller's end, after the caller's end has cancelled a leg. */
    gone: true;
  }
}

/** The ring in progress; undefined in any other phase. */
export function ringOf(turn: Turn): Ring | undefined {
  return turn.state.phase.kind === "ringing" ? turn.state.phase.ring : undefined;
}

export function patchRing(turn: Turn, patch: Partial<Ring>): void {
  const ring = ringOf(turn);
  if (ring !== undefined) turn.enter({ kind: "ringing", ring: { ...ring, ...patch } });
}
