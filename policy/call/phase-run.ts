/** What the rest of the core and the engine need of a phase, be it a step's that waits or one of the call's own. */
import type { RoutingTable } from "../routing/table.js";
import type { RecordingLimits } from "./dialogue/stages.js";
import type { Input } from "./input.js";
import type { SavedSchema } from "./saved-schema.js";
import type { CallState, Phase } from "./state.js";
import type { Turn } from "./turn.js";

/** A recording that is being made. */
export interface OpenRecording extends RecordingLimits {
  /** Names its file. */
  readonly id: string;
}

export interface PhaseRun<P extends Phase = Phase> {
  /** What an input does to the call. False: the input has no meaning in this phase, because it comes too late. */
  handle(turn: Turn, phase: P, input: Input): boolean;
  /** The rules that the state breaks, in words. Checked after every input. */
  violations(state: CallState, phase: P): readonly string[];
  /** The schema by which this phase is read from a saved state, when an engine takes the call over. */
  readonly saved: SavedSchema<P>;
  /**
   * Called when a leg or the caller is gone. If that ends the phase, the phase says by `turn.goOn` where the call goes.
   * Left out: the phase does not end by that.
   */
  checkOver?(turn: Turn): void;
  /** The caller's `#` ends what they hear and what is recorded of them. Left out: no key ends anything. */
  readonly poundEndsSounds?: true;
  /** The caller is asked for keys. Left out: their keys mean nothing. */
  readonly readsKeys?: true;
  /**
   * The recording that the switch makes or may be making of the caller, and what ends it: the engine listens for silence
   * in it. Left out: nothing is recorded in this phase.
   */
  recording?(phase: P, office: RoutingTable): OpenRecording | undefined;
  /** The phase takes the input `contacts_changed` when a device registers or unregisters. Left out: it does not. */
  readonly watchesContacts?: true;
  /**
   * Whether a person waits for the switch's next event of this call: then the engine nudges the switch, so that the
   * event comes at once. Left out: nobody waits.
   */
  awaitsEvent?(phase: P): boolean;
}
