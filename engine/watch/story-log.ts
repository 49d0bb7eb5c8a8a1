/** Writes the notes of each call to the log: those that matter to people at `info`, details at `debug`. */
import type { Logger } from "pino";
import type { Note } from "../../policy/call/command.js";
import { takenText } from "../../policy/steps/words.js";
import type { Call } from "../calls/call.js";
import { refusalIn } from "./refusals.js";

const DETAILS: ReadonlySet<Note["kind"]> = new Set([
  "flow",
  "step",
  "leg_ended",
  "late",
  "not_rung",
  "deciding",
]);

/**
 * An emergency call is logged as an error, so that no filter hides it. A bound that was reached is a warning: something
 * is larger or slower than we planned for.
 */
export function logStory(log: Logger): (call: Call, note: Note) => void {
  return (call, note) => {
    const { kind } = note;
    const line = { call: call.id, ...detailsOf(note) };
    // People at the office should know: helpers have to be let in and shown the way.
    if (note.kind === "emergency" && note.isTest === true)
      log.info(line, `test of emergency calls with ${note.number}`);
    else if (note.kind === "emergency") log.error(line, `EMERGENCY CALL to ${note.number}`);
    else if (kind === "bound_reached") log.warn(line, kind);
    // Somebody may be trying to make the office pay.
    else if (refusalIn(note) !== undefined) log.warn(line, "a call outside is refused");
    else if (DETAILS.has(kind)) log.debug(line, kind);
    else log.info(line, kind);
  };
}

/** A step is told in words: what it keeps inside is nothing for a log. */
function detailsOf(note: Note): object {
  if (note.kind === "step") return { text: takenText(note.step) };
  if (note.kind === "step_outcome") return { text: takenText(note.step), outcome: note.outcome };
  const { kind: _kind, ...details } = note;
  return details;
}
