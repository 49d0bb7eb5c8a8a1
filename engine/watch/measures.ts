/** What the engine measures of its own work as it goes on. Nobody waits for who counts it. */
import type { Reply } from "../switch/wire.js";

/** What the switch was told about an arriving call. */
export type ArrivalAnswer = "rung" | "parked" | "refused" | "not_found";

/** `unanswered`: the switch did not say who has the call. */
export type ClaimResult = "won" | "lost" | "unanswered";

export interface Measures {
  /** The switch has answered a command, or will not any more. */
  replied(outcome: Reply["outcome"], tookMs: number): void;
  /** An event is handled, so long after the switch made it. */
  eventCame(lagMs: number): void;
  claimed(result: ClaimResult): void;
  answeredAboutCall(answer: ArrivalAnswer, tookMs: number): void;
}
