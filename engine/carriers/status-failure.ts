/**
 * Whether a call out that was not answered failed because of the carrier. A number that is busy, wrong, or not answered is
 * no failure of the carrier, and neither is a leg that the office has ended itself.
 */

/** Answers about the party called (RFC 3261, section 21), and 487 to our own CANCEL. */
const OF_THE_PARTY: ReadonlySet<number> = new Set([
  404, 410, 480, 484, 485, 486, 487, 488, 600, 603, 604, 606, 607,
]);

/** Causes of a leg to which no answer came: the office, or its switch, has ended it. */
const ENDED_BY_US: ReadonlySet<string> = new Set([
  "NONE",
  "NORMAL_CLEARING",
  "NO_ANSWER",
  "ORIGINATOR_CANCEL",
  "LOSE_RACE",
  "PICKED_OFF",
  "ALLOTTED_TIMEOUT",
  "PROGRESS_TIMEOUT",
  "MANAGER_REQUEST",
  "SYSTEM_SHUTDOWN",
  "BLIND_TRANSFER",
  "ATTENDED_TRANSFER",
]);

/** @param status the SIP status of the answer; null: none is known */
export function isCarriersFailure(status: number | null, cause: string): boolean {
  if (status !== null) return status >= 400 && !OF_THE_PARTY.has(status);
  return !ENDED_BY_US.has(cause);
}
