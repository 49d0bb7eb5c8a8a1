/** What people ask of the calls that are kept, and how they page through the answer. */
import type { Direction } from "../../policy/record/happening.js";
import type { CallRecord, Result } from "../../policy/record/record.js";
import type { SumKind } from "../../policy/record/tally.js";

export type { SumKind } from "../../policy/record/tally.js";

/** Every condition that is there must hold. */
export interface CallFilter {
  /** Part of the caller's or the called number, as people write it: `(917) 555`, `0144`. */
  readonly number?: string;
  /** The whole number or extension that was called, as it is kept: `+12125550100`, `101`. */
  readonly called?: string;
  /** A username: who called, whose phone rang or was not rung, whose flow it was. */
  readonly user?: string;
  readonly group?: string;
  /** A carrier's id: through which the caller came, or a leg was dialled. */
  readonly carrier?: string;
  /** A target: `number:+12125550100`, `user:bob.stone`, `group:sales`, `flow:main`, `schedule:practice`. */
  readonly about?: string;
  /** Calls that began at this time or later: milliseconds since the epoch. */
  readonly fromMs?: number;
  /** Calls that began before this time. */
  readonly untilMs?: number;
  readonly result?: Result;
  readonly direction?: Direction;
  readonly isEmergency?: boolean;
  /** Only calls that came to one of these; an empty list has no calls. */
  readonly within?: readonly Within[];
}

/** Calls of a user or a group, from a time on: before that, somebody else had the name. */
export interface Within {
  readonly kind: "user" | "group";
  readonly name: string;
  readonly fromMs: number;
}

/** Where a page ends: the key of its last call. A whole number, of which the later call has the larger one. */
export type PageKey = number;

/** A call in a list: its record without what happened in it. */
export interface CallRow extends Omit<CallRecord, "legs" | "happenings"> {
  readonly key: PageKey;
  /** Rises each time a row is written, in the whole table. */
  readonly change: number;
  /** When the mailbox took the call in which the caller has left a message; null: there is none, or it is not known. */
  readonly greetedMs: number | null;
}

export interface Page {
  /** Only calls before this one; left out: from the newest on. */
  readonly after?: PageKey;
  readonly limit: number;
}

/** Calls, the newest first. `next`: the key with which the next page begins; null: this was the last one. */
export interface CallPage {
  readonly calls: readonly CallRow[];
  readonly next: PageKey | null;
}

/** Which sums, and what they are grouped by; what they are not grouped by is added up. */
export interface SumQuery {
  readonly kind: SumKind;
  /** Left out: every name of the kind. */
  readonly names?: readonly string[];
  /** The first and the last day, as `2026-11-30`, of the office's zone. */
  readonly fromDay: string;
  readonly untilDay: string;
  readonly by: readonly ("name" | "day" | "hour")[];
}

/** Null: not grouped by it. */
export interface SumRow {
  readonly name: string | null;
  readonly day: string | null;
  readonly hour: number | null;
  readonly calls: number;
  readonly answered: number;
  readonly missed: number;
  readonly messages: number;
  readonly refused: number;
  /** Of answered calls, until they were connected. */
  readonly waitMs: number;
  readonly talkMs: number;
}

/** How many callers waited so long; the shortest wait first within a group. */
export interface WaitRow {
  readonly name: string | null;
  readonly day: string | null;
  readonly hour: number | null;
  readonly isAnswered: boolean;
  /** Whole seconds, rounded down. */
  readonly waitS: number;
  readonly calls: number;
}
