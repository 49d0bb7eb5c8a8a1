/** Why a call outside is refused, in words, and which notes of a call say so. */
import type { Note } from "../../policy/call/command.js";
import { REFUSALS, type Refused } from "../../policy/outside/payer.js";

/** Completes "NUMBER is not called: …". */
export const WHY_REFUSED: Readonly<Record<Refused, string>> = {
  permission: "the user may not call outside",
  nobody_pays: "no user who may call outside causes this call",
  place: "`outside_calls` does not name its country or its first digits",
  premium: "`outside_calls` does not name this premium or satellite number",
  user_calls_at_once: "the user has as many calls outside at once as `outside_calls` allows",
  office_calls_at_once: "the office has as many calls outside at once as `outside_calls` allows",
  user_minutes: "the user has called outside as many minutes in 24 hours as `outside_calls` allows",
  office_minutes: "the office has called outside as many minutes in 24 hours as `outside_calls` allows",
  anonymous: "it takes no callers who withhold their number",
  unencrypted: "the phone or the carrier has `srtp: required`, and the call offers no encryption",
  mailbox: "whoever was transferred may not open mailboxes",
};

/** Why a note says that a call outside is refused; undefined: it says something else. */
export function refusalIn(note: Note): Refused | undefined {
  const reason = note.kind === "refused" ? note.why : note.kind === "not_rung" ? note.whom.reason : null;
  // Nobody pays for a caller from outside, however many of them withhold their number.
  return REFUSALS.find((why) => why === reason && why !== "anonymous" && why !== "unencrypted");
}
