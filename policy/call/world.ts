/**
 * What the core may read while it decides, beside the call's state: the office as it was when the call began, where
 * phones are registered now, and what the engine remembers of earlier calls. All of it is in memory.
 */
import type { OutsideUse } from "../outside/payer.js";
import type { RoutingTable } from "../routing/table.js";

/** One registration of a SIP device: what the switch dials to reach it. */
export interface Contact {
  /** `sofia/<profile>/sip:…`, exactly as the switch wants it. */
  readonly url: string;
}

/** Something that a person has set by hand, beside the office's files: for example that a schedule is open. */
export interface SetByHand {
  /** What may stand here is the kind's own affair; nothing of it has been checked. */
  readonly value: unknown;
  /** Since when it counts, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** When it runs out, milliseconds since the epoch; null: not until it is taken back. */
  readonly untilMs: number | null;
}

/**
 * What outlives calls: whom a rotating group rang first last time, when each user last answered, what was set by hand.
 */
export interface Memory {
  rungFirst(groupId: string): string | undefined;
  /** Milliseconds since the epoch; undefined: never. */
  answeredMs(username: string): number | undefined;
  /** What is set of this kind under this id; it may have run out. */
  byHand(kind: string, id: string): SetByHand | undefined;
}

export interface World {
  /** The office as it was when the call began. */
  readonly office: RoutingTable;
  contactsOf(sipName: string): readonly Contact[];
  readonly memory: Memory;
  /** How much is called outside now; left out: nobody counts it, and no limit is reached. */
  readonly outside?: OutsideUse;
}
