/** Whose doing the end of a leg or of a call was: of the caller, of whoever was called, of the office's flow, of the switch. */
import { CALLER_GAVE_UP } from "../call/ending.js";
import type { Input } from "../call/input.js";
import { LOSE_RACE } from "../call/legs.js";
import type { CallState, Leg } from "../call/state.js";
import type { Side } from "./happening.js";

type LegEnded = Extract<Input, { type: "leg_ended" }>;
type CallerGone = Extract<Input, { type: "caller_gone" }>;

/** The leg was handed to somebody else, and lives on there. */
const HANDED_OVER: ReadonlySet<string> = new Set(["ATTENDED_TRANSFER", "BLIND_TRANSFER"]);
/** Ends that only the far end decides. */
const BY_FAR_END: ReadonlySet<string> = new Set([
  "USER_BUSY",
  "CALL_REJECTED",
  "NO_USER_RESPONSE",
  "UNALLOCATED_NUMBER",
  "NUMBER_CHANGED",
  "INVALID_NUMBER_FORMAT",
]);

/** @param goneBy whose doing the end of the caller's channel was; null: the caller is there */
export function sideOfLeg(
  leg: Leg | undefined,
  { phase }: CallState,
  input: LegEnded,
  goneBy: Side | null,
): Side {
  const { cause, hungUp, status } = input;
  if (hungUp === true) return "callee";
  // The switch ends the other side of a conversation.
  if (goneBy !== null && cause === "NORMAL_CLEARING") return goneBy;
  if (leg?.killCause === "BLIND_TRANSFER") return "callee";
  if (leg !== undefined && leg.killCause !== null) return sideOfKill(leg.killCause);
  if (cause === CALLER_GAVE_UP) return "caller";
  if (cause === LOSE_RACE || cause === "NO_ANSWER" || cause === "ALLOTTED_TIMEOUT")
    return hungUp === undefined && status !== undefined ? "callee" : "office";
  if (cause === "LOST" || HANDED_OVER.has(cause)) return "unknown";
  if (hungUp === undefined && (status !== undefined || BY_FAR_END.has(cause))) return "callee";
  const isConnected = phase.kind === "connected" && phase.leg === input.leg;
  // The caller has hung up, and that event follows.
  if (isConnected && cause === "NORMAL_CLEARING") return hungUp === false ? "caller" : "callee";
  return "switch";
}

export function sideOfKill(cause: string | null): Side {
  return cause === CALLER_GAVE_UP ? "caller" : cause === null ? "unknown" : "office";
}

/**
 * @param by whose doing it was that the caller is being hung up; null: they are not
 */
export function sideOfCaller(
  { phase, legs }: CallState,
  { cause, hungUp }: CallerGone,
  by: Side | null,
): Side {
  if (hungUp === true || cause === CALLER_GAVE_UP) return "caller";
  if (by !== null) return by;
  // The phone of the caller has handed over whom they talked to.
  if (phase.kind === "handed_over" || phase.kind === "recalling") return "caller";
  if (cause === "UNKNOWN") return "unknown";
  if (phase.kind === "connected") {
    const isAlone = !legs.some(({ id }) => id === phase.leg);
    if (isAlone) return "callee";
    if (cause !== "NORMAL_CLEARING") return "switch";
    return hungUp === false ? "callee" : "caller";
  }
  return hungUp === undefined && cause === "NORMAL_CLEARING" ? "caller" : "switch";
}
