/** One call as it is to be played: who calls what, which phones are away or busy, and who picks up when. */
import type { Office } from "../../../policy/office/office.js";
import type { ByHand } from "../../../storage/by-hand.js";
import type { Remembered } from "../../../storage/memory.js";
import type { Caller, Phone } from "./phones.js";

/** Somebody picks up, if a phone of theirs rings then. */
export interface Pickup {
  /** The phones it may be, the first that rings is taken. */
  readonly phones: readonly Phone[];
  /** As it was written, for messages. */
  readonly name: string;
  /** Whole seconds into the call. */
  readonly second: number;
  /** Pressed once the prompt has begun. */
  readonly digit?: string;
}

/** One call to be played. */
export interface Script {
  readonly office: Office;
  readonly revision: number;
  readonly memory: readonly Remembered[];
  /** What people have set by hand; left out: nothing. */
  readonly byHand?: readonly ByHand[];
  /** As it is dialled. */
  readonly dialled: string;
  readonly caller: Caller;
  /** When the call begins, milliseconds since the epoch. */
  readonly startMs: number;
  /** Names of phones that are not signed in, busy, or set to do not disturb. */
  readonly away: ReadonlySet<string>;
  readonly busy: ReadonlySet<string>;
  readonly dnd: ReadonlySet<string>;
  readonly pickups: readonly Pickup[];
  /** The caller hangs up this long after calling, if nobody has answered. */
  readonly giveUpMs?: number;
}
