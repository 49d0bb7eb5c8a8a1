/**
 * What the end of a leg to an outside phone says: about the carrier, so that the next one is tried, or about the number
 * that was called, which no other carrier can change. The SIP status decides where there is one. The switch's hangup cause
 * alone may come from the Reason header of the answer (sofia.c, nua_callstate_terminated); without a status no answer came,
 * and the cause is the switch's own.
 */
import type { HangupReason } from "../steps/hangup/step.js";

/** How a leg ended that was not answered. */
export interface LegEnd {
  /** The switch's hangup cause. */
  readonly cause: string;
  /** The final SIP status; left out: there was none, or it is not known. */
  readonly status?: number;
}

/** The carrier does not accept our account (401, 407) or wants money (402). */
const NOT_ACCEPTED: ReadonlySet<number> = new Set([401, 402, 407]);

/**
 * Causes without a SIP answer: the gateway is down or unknown (sofia_outgoing_channel), its registration is lost, there is
 * no route to it, nobody answered the INVITE, or the switch refused the command.
 */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "DESTINATION_OUT_OF_ORDER",
  "GATEWAY_DOWN",
  "INVALID_GATEWAY",
  "INVALID_PROFILE",
  "INVALID_URL",
  "NETWORK_OUT_OF_ORDER",
  "NORMAL_CIRCUIT_CONGESTION",
  "NORMAL_TEMPORARY_FAILURE",
  "RECOVERY_ON_TIMER_EXPIRE",
  "REFUSED",
  "SERVICE_UNAVAILABLE",
  "SWITCH_CONGESTION",
]);

/**
 * Whether the carrier has failed, and so another one may do better: 408, 5xx, no answer, unreachable. The next carrier is
 * tried for it, and it counts as a failure of the carrier. 403 is none: a telephone network says so of a called person who
 * declines (RFC 3398, 7.2.4.1, cause 21), who would ring again, and "the request SHOULD NOT be repeated" (RFC 3261, 21.4.4).
 */
export function isCarriersFault({ cause, status }: LegEnd): boolean {
  if (status === undefined) return UNREACHABLE.has(cause);
  return status === 408 || (status >= 500 && status < 600) || NOT_ACCEPTED.has(status);
}

/** What the switch makes of these statuses (sofia_glue_sip_cause_to_freeswitch), backwards. */
const STATUS_OF_CAUSE: Readonly<Record<string, number>> = {
  CALL_REJECTED: 603,
  INVALID_NUMBER_FORMAT: 484,
  NO_ROUTE_DESTINATION: 604,
  NO_USER_RESPONSE: 480,
  NUMBER_CHANGED: 410,
  UNALLOCATED_NUMBER: 404,
  USER_BUSY: 486,
};

/** The status for a caller whom no carrier takes. */
const NO_CARRIER_STATUS = 503;

/**
 * The SIP status with which the phone of a person is refused who has dialled a number that ended so. A carrier's answer is
 * passed on, but for those that are about our account, or that would send the phone elsewhere (3xx).
 * @returns null: nothing that a phone could be told
 */
export function statusForCaller(end: LegEnd): number | null {
  const status = end.status ?? STATUS_OF_CAUSE[end.cause];
  if (status === undefined) return isCarriersFault(end) ? NO_CARRIER_STATUS : null;
  if (status === 408 || NOT_ACCEPTED.has(status)) return NO_CARRIER_STATUS;
  return status >= 400 && status <= 699 && status !== 487 ? status : null;
}

/** Of the answers of several carriers, one about the number outweighs those about a carrier; else the last counts. */
export function worthier(before: number | null, now: number | null): number | null {
  if (now === null) return before;
  return before !== null && !isCarriersStatus(before) && isCarriersStatus(now) ? before : now;
}

function isCarriersStatus(status: number): boolean {
  return isCarriersFault({ cause: "", status });
}

/** The reason for which a call ends that was refused with this status. */
export function reasonOf(status: number): HangupReason {
  switch (status) {
    case 486:
    case 600:
      return "busy";
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return "unassigned";
    case 403:
    case 603:
    case 606:
    case 607:
    case 608:
      return "declined";
    case 480:
      return "no_answer";
    default:
      return "unavailable";
  }
}
