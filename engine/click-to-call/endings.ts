/** How a call that somebody has asked for has ended, in the words of the API. */
import type { CallState } from "../../policy/call/state.js";
import type { HangupReason } from "../../policy/steps/hangup/step.js";
import type { ClickNews, ClickReason } from "../../storage/click-calls.js";
import type { CauseText } from "../switch/causes.js";

type Ended = Pick<ClickNews, "reason" | "why">;

/** None of the user's phones was answered. */
const UNANSWERED: Readonly<Record<string, ClickReason>> = {
  NO_ANSWER: "not_answered",
  NO_USER_RESPONSE: "not_answered",
  ALLOTTED_TIMEOUT: "not_answered",
  ORIGINATOR_CANCEL: "stopped",
  USER_BUSY: "declined",
  CALL_REJECTED: "declined",
  USER_NOT_REGISTERED: "no_device",
  SUBSCRIBER_ABSENT: "no_device",
  RECOVERY_ON_TIMER_EXPIRE: "no_device",
};

export function unanswered(cause: CauseText): Ended {
  const reason = UNANSWERED[cause];
  return reason === undefined ? { reason: "failed", why: cause.toLowerCase() } : { reason };
}

const HUNG_UP: Readonly<Record<HangupReason, ClickReason>> = {
  normal: "no_answer",
  busy: "busy",
  no_answer: "no_answer",
  declined: "rejected",
  unavailable: "unavailable",
  unassigned: "refused",
};

/** The user has answered, and the call has ended since. */
export function endedAs({ ending, flow }: Pick<CallState, "ending" | "flow">): Ended {
  const { source } = flow;
  if (source.kind === "not_permitted") return { reason: "refused", why: source.why ?? "permission" };
  if (source.kind === "unassigned") return { reason: "refused", why: "unassigned" };
  switch (ending?.kind) {
    case "answered":
      return { reason: "talked" };
    case "missed":
      return { reason: "you_hung_up" };
    case "message":
      return { reason: "message" };
    case "listened":
      return { reason: "listened" };
    case "hung_up":
      return { reason: HUNG_UP[ending.reason] };
    case "failed":
      return { reason: "failed", why: ending.why };
    default:
      return { reason: "failed" };
  }
}
