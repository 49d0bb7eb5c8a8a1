/**
 * What programs ask of calls that are not placed: what would happen to one, or whether the office does what is expected.
 * Asked of the live office, of an earlier revision, or of the office with edits that are not made yet. Plain values, which
 * go to a thread and back.
 */
import type { Fault } from "../../../policy/change/edit.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import type { Written } from "./script.js";
import type { TestCase } from "./test-file.js";

export interface Asked {
  /** Left out: the live office. */
  readonly revision?: number;
  /** As if these were made. */
  readonly edits?: readonly Edit[];
  readonly what:
    | { readonly kind: "call"; readonly written: Written }
    /** A call that begins at a flow, as if a number led to it. */
    | { readonly kind: "flow"; readonly flow: string; readonly written: Omit<Written, "number"> }
    | { readonly kind: "tests"; readonly tests: readonly TestCase[] };
}

/** A part of what was asked that means nothing; `path` is from the beginning of the call, or of the list of tests. */
export interface AskedFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Answered =
  | { readonly outcome: "played"; readonly played: PlayedAnswer }
  | { readonly outcome: "tested"; readonly tests: readonly TestAnswer[] }
  | { readonly outcome: "not_understood"; readonly faults: readonly AskedFault[] }
  | { readonly outcome: "not_found"; readonly reason: string }
  | {
      readonly outcome: "refused";
      readonly reason: string;
      readonly faults: readonly (Fault & { readonly edit: number })[];
    }
  | { readonly outcome: "no_office" };

export interface TestAnswer {
  readonly name: string;
  /** Empty: passed. */
  readonly failures: readonly string[];
  readonly timeline: readonly string[];
}

/** A call that was played, in seconds from its beginning. */
export interface PlayedAnswer {
  readonly called: string;
  readonly from: string;
  readonly atMs: number;
  readonly timezone: string;
  readonly revision: number;
  readonly timeline: readonly { readonly at: number; readonly text: string }[];
  readonly steps: readonly {
    readonly kind: string;
    readonly what: string;
    readonly from: number;
    /** Null: it was not over when the call was watched no longer. */
    readonly to: number | null;
    /** How long a ring step rings; null: without end, or it rings nothing. */
    readonly timeout: number | null;
  }[];
  readonly rings: readonly {
    readonly who: string;
    readonly name: string;
    readonly device: string;
    readonly phone: string;
    readonly target: string;
    readonly from: number;
    readonly to: number | null;
    readonly end: string;
    /** In words: `time over`. */
    readonly endText: string;
  }[];
  readonly notRung: readonly {
    readonly who: string;
    readonly name: string;
    /** Null: the user as a whole. */
    readonly device: string | null;
    readonly target: string;
    readonly at: number;
    readonly reason: string;
    readonly reasonText: string;
  }[];
  /** Numbers outside with the order of carriers, where there is more than one way. */
  readonly carriers: readonly { readonly number: string; readonly order: string }[];
  readonly ending: {
    readonly word: string;
    readonly at: number;
    readonly by: string | null;
    readonly device: string | null;
    readonly text: string;
  };
  /** Answers that were asked for when no such phone rang. */
  readonly unusedAnswers: readonly { readonly name: string; readonly second: number }[];
}
