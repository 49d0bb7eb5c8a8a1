/**
 * Where a call takes its messages: what the runner of calls needs of the mailroom, as callbacks, so that a
 * simulation can answer at once where the real one goes to a disk and a database.
 */
import type { Answer, Ask, RecordedGreeting } from "../../policy/call/mailbox-requests.js";
import type { Box } from "../../policy/office/box.js";

/** A message that is about to be recorded. */
export interface OpenRequest {
  readonly id: string;
  readonly box: Box;
  readonly callId: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly called: string;
  readonly atMs: number;
}

/** A call that nobody answered and that left no message. */
export interface MissedCall {
  readonly callId: string;
  readonly box: Box;
  readonly callerNumber: string;
  readonly callerName: string;
  /** The user who called, when it came from a phone of the office. */
  readonly from: string | null;
  readonly called: string;
  /** Users and outside numbers whose phones rang. */
  readonly rang: readonly string[];
  readonly arrivedMs: number;
  readonly endedMs: number;
}

/** Whose question it is; the same question of a call that was taken over has the same `askId`. */
export interface Asker {
  readonly callId: string;
  readonly askId: string;
}

export interface Opened {
  /** Why no message can be taken; null: its row is written, and it may be recorded. */
  readonly refused: "full" | "unavailable" | null;
  /** What the owner of the mailbox has recorded or uploaded. */
  readonly greetings: readonly RecordedGreeting[];
}

export interface MessageDesk {
  /** Where recordings are, as the switch names that folder; "": nowhere. */
  readonly folder: string;
  /** Asking twice for the same id opens it once. */
  open(request: OpenRequest, done: (opened: Opened) => void): void;
  /** What somebody who listens wants to know or to have done; twice is once. */
  ask(ask: Ask, asker: Asker, done: (answer: Answer) => void): void;
  /** Milliseconds from the first sound in it to the last; 0 for a file that is empty or not there. */
  measure(id: string, done: (soundMs: number) => void): void;
  /** Delivers the first that is long enough and drops the others; again for what is delivered changes nothing. */
  deliver(ids: readonly string[], urgent: boolean, done: (kept: boolean) => void): void;
  drop(id: string): void;
  /** Known until it is delivered, for the case that nobody delivers it before the call is lost. */
  markUrgent(id: string, urgent: boolean): void;
  /** Whoever wants to know of it is told; the same call once. */
  missed(call: MissedCall): void;
}

/** The desk of an engine without a folder for recordings. */
export const NO_DESK: MessageDesk = {
  folder: "",
  open: (_request, done) => done({ refused: "unavailable", greetings: [] }),
  measure: (_id, done) => done(0),
  deliver: (_ids, _urgent, done) => done(false),
  drop: () => {},
  markUrgent: () => {},
  missed: () => {},
  ask: (_ask, _asker, done) => done({ kind: "failed" }),
};
