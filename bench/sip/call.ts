/** One call of a benchmark: what the caller and the phones are to do, and when the call reached each stage. */
import type { MediaAddress } from "../../fixtures/harness/sdp.js";

/** When a call reached each stage, by `stopwatchMs`; undefined: it did not. */
export interface CallTimes {
  invitedMs: number;
  /** The first INVITE came out of the switch at a phone. */
  rangMs?: number;
  /** The last phone's first INVITE, if more than one phone was rung. */
  rangLastMs?: number;
  /** The phone accepted: it sent its 200, or pressed its key. */
  acceptedMs?: number;
  /** The caller saw 200. */
  answeredMs?: number;
  endedMs?: number;
  /** The final status other than 200, or why it failed. */
  failure?: string;
}

export interface CallPlan {
  readonly number: string;
  /** Unique among the calls in progress: the phones tell calls apart by it. */
  readonly caller: string;
  /** From the 200 until the caller hangs up; with a voice, the longest wait for its end. */
  readonly talkMs: number;
  /** How long a phone rings before it answers, by the user it is rung as; null: it never answers. Left out: 0. */
  readonly answerAfterMs?: (user: string) => number | null;
  readonly voice?: Voice;
  /** The key that the phone presses after its 200, and again until the call is answered; left out: none. */
  readonly key?: Key;
  /** The caller cancels after this time without an answer; left out: {@link PATIENCE_MS}. */
  readonly patienceMs?: number;
  /** The caller cancels when this resolves, if nobody has answered; left out: only after {@link patienceMs}. */
  readonly cancelled?: Promise<void>;
}

/** A caller who sends and receives audio. */
export interface Voice {
  /** Where this caller wants its RTP. */
  readonly port: number;
  /** Called once when the call is answered; the caller hangs up when it resolves. */
  talk(to: MediaAddress): Promise<void>;
}

export interface Key {
  readonly digit: string;
  readonly afterMs: number;
  readonly timesMax: number;
}

/** A call in progress, as caller and phones share it. */
export interface CallInProgress {
  readonly plan: CallPlan;
  readonly times: CallTimes;
}

export const PATIENCE_MS = 10_000;
/** The failure of a call that the caller cancelled. */
export const GAVE_UP = "no answer in time";
/** The failure of a call whose caller cancelled or hung up, and got no final answer to that either. */
export const STUCK = "no end in time";

/** T1 of RFC 3261 section 17.1.1.1: packets lost on the loopback to a full buffer are sent again. */
export const T1_MS = 500;
export const RESENDS_MAX = 6;
/** The RTP port of parties without a voice; nothing is sent there. */
export const RTP_PORT = 9;
