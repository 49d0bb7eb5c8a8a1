/** The story of each call in the log: one line for what matters to people, at `info`; the rest at `debug`. */
import type { Logger } from "pino";
import type { Note } from "../../policy/call/command.js";
import { takenText } from "../../policy/steps/words.js";
import type { Call } from "../calls/call.js";

const DETAILS: ReadonlySet<Note["kind"]> = new Set(["step", "leg_ended", "late", "not_rung", "deciding"]);

/** Writes notes to `log`. An emergency call is an error, so that no filter loses it; a
 * bound that was reached is a warning: something is larger or slower than foreseen. */
export function logStory(log: Logger): (call: Call, note: Note) => void {
  return (call, note) => {
    const { kind } = note;
    const line = { call: call.id, ...detailsOf(note) };
    // For whoever watches the office: somebody has to be let in, and shown the way.
    if (note.kind === "emergency") log.error(line, `EMERGENCY CALL to ${note.number}`);
    else if (kind === "bound_reached") log.warn(line, kind);
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
