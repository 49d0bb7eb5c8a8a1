/** Which notes of a call say that a call outside is refused. */
import type { Note } from "../../policy/call/command.js";
import { REFUSALS, type Refused } from "../../policy/outside/payer.js";

/** Why a note says that a call outside is refused; undefined: it says something else. */
export function refusalIn(note: Note): Refused | undefined {
  const reason = note.kind === "refused" ? note.why : note.kind === "not_rung" ? note.whom.reason : null;
  // Nobody pays for a caller from outside, however many of them withhold their number.
  return REFUSALS.find((why) => why === reason && why !== "anonymous" && why !== "unencrypted");
}
