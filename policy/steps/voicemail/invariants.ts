/** What must hold of a call while its caller leaves a message. */
import { isActive } from "../../call/legs.js";
import type { CallState, PhaseOf } from "../../call/state.js";
import { isArmed } from "../../call/timers.js";
import type { LeavingStage } from "./state.js";

/** The timer that ends each stage, so that a caller at a mailbox is never left in silence. */
const CLOCK_OF: Readonly<Record<LeavingStage, "answer" | "say" | "record">> = {
  opening: "answer",
  refusing: "say",
  greeting: "say",
  stopping_for_operator: "say",
  stopping_for_messages: "say",
  stopping: "say",
  recording: "record",
  measuring: "answer",
  again: "say",
  menu: "say",
  replaying: "say",
  told: "say",
  goodbye: "say",
  delivering: "answer",
};

export function violations({ legs, timers }: CallState, { leaving }: PhaseOf<"voicemail">): string[] {
  const broken: string[] = [];
  if (legs.some(isActive)) broken.push("a leg rings while a message is taken");
  if (!isArmed(timers, CLOCK_OF[leaving.stage]))
    broken.push(`${leaving.stage} at a mailbox without its clock`);
  if (leaving.callerGone !== (leaving.stage === "delivering"))
    broken.push("a message delivered beside its caller");
  if (leaving.stage === "menu" && leaving.kept === null) broken.push("a menu without a message");
  if (leaving.message === "") broken.push("a message without an id");
  if (leaving.stage === "greeting" && leaving.recordId === null)
    broken.push("a greeting without the recording behind it");
  return broken;
}
