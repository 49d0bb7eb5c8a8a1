/**
 * What the runner of calls needs of voicemail, as callbacks: a simulation can answer at once where the engine
 * goes to a disk and a database.
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
  /** The user who called; null: the call came from outside. */
  readonly from: string | null;
  readonly called: string;
  /** Users and outside numbers whose phones rang. */
  readonly rang: readonly string[];
  readonly arrivedMs: number;
  readonly endedMs: number;
}

/** The call that asks. An engine that has taken the call over asks the same question with the same `askId`. */
export interface Asker {
  readonly callId: string;
  readonly askId: string;
}

export interface Opened {
  /** Why no message can be taken; null: the message has its row and may be recorded. */
  readonly refused: "full" | "unavailable" | null;
  /** What the owner of the mailbox has recorded or uploaded. */
  readonly greetings: readonly RecordedGreeting[];
}

export interface VoicemailPort {
  /** Where recordings are, as the switch names that folder; "": nowhere. */
  readonly folder: string;
  /** Opens a message; an id that is open already stays as it is. */
  open(request: OpenRequest, done: (opened: Opened) => void): void;
  /** Answers a mailbox request. The same `askId` twice is carried out once. */
  ask(ask: Ask, asker: Asker, done: (answer: Answer) => void): void;
  /** Milliseconds from the first sound of a recording to the last; 0 for a file that is empty or missing. */
  measure(id: string, done: (soundMs: number) => void): void;
  /** Delivers the first recording that is long enough and drops the others; a second time changes nothing. */
  deliver(ids: readonly string[], urgent: boolean, done: (kept: boolean) => void): void;
  drop(id: string): void;
  /** Kept with the row until delivery: should the call be lost, the recovered message is still urgent. */
  markUrgent(id: string, urgent: boolean): void;
  /** Tells the members who want to know of missed calls; a call is told once. */
  missed(call: MissedCall): void;
}

/** For an engine without a folder for recordings: it refuses every message. */
export const NO_VOICEMAIL: VoicemailPort = {
  folder: "",
  open: (_request, done) => done({ refused: "unavailable", greetings: [] }),
  measure: (_id, done) => done(0),
  deliver: (_ids, _urgent, done) => done(false),
  drop: () => {},
  markUrgent: () => {},
  missed: () => {},
  ask: (_ask, _asker, done) => done({ kind: "failed" }),
};
