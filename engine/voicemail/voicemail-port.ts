/**
 * What the runner of calls needs of voicemail, as callbacks: a simulation can answer at once where the engine
 * goes to a disk and a database.
 */
import type { Answer, Ask } from "../../policy/call/mailbox-requests.js";
import type { OpenRecording } from "../../policy/call/phase-run.js";
import type { Box } from "../../policy/office/box.js";

/** A call that nobody answered and that left no message. */
export interface MissedCall {
  readonly callId: string;
  /** The revision of the office that the call began with. */
  readonly revision: number;
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
  readonly callerNumber: string;
  readonly callerName: string;
  readonly called: string;
  readonly atMs: number;
  /** The revision of the office that the call began with: a mailbox may have another name since. */
  readonly revision: number;
}

export interface VoicemailPort {
  /** Where recordings are, as the switch names that folder; "": nowhere. */
  readonly folder: string;
  /** Answers what a call asks, once. The same question twice is carried out once. */
  ask(ask: Ask, asker: Asker, done: (answer: Answer) => void): void;
  /**
   * Calls `silent` when a recording that is being made ends in as much silence as ends it, and again for as long as it
   * does. Returns what ends the listening.
   */
  listen(recording: OpenRecording, silent: () => void): () => void;
  /** Tells the members who want to know of missed calls; a call is told once. */
  missed(call: MissedCall): void;
}

/** For an engine without a folder for recordings: it refuses every message. */
export const NO_VOICEMAIL: VoicemailPort = {
  folder: "",
  ask: (ask, _asker, done) => done(nothingKept(ask)),
  listen: () => () => {},
  missed: () => {},
};

/** A caller who was recorded for an engine that had a folder is not told that their message was saved. */
function nothingKept(ask: Ask): Answer {
  if (ask.kind === "measure_message") return { kind: "measured", soundMs: 0 };
  return ask.kind === "deliver_message" ? { kind: "delivered", kept: false } : { kind: "failed" };
}
