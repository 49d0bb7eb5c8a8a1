/** The script of one call to play: who calls which number, which phones are away or busy, and who answers when. */
import type { Office } from "../../../policy/office/office.js";
import type { ByHand } from "../../../storage/by-hand.js";
import type { Remembered } from "../../../storage/memory.js";
import type { Caller, Phone } from "./phones.js";

/** Somebody answers, if one of these phones rings at that time. */
export interface Pickup {
  /** The phones that may answer; the first that rings does. */
  readonly phones: readonly Phone[];
  /** As it was written, for messages. */
  readonly name: string;
  /** Whole seconds into the call. */
  readonly second: number;
  /** The key that is pressed once the prompt has begun. */
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
  /** The caller hangs up this long after calling, if the call is not answered by then. */
  readonly giveUpMs?: number;
}
