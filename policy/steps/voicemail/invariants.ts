/** What must hold of a call while its caller leaves a message. */
import { isActive } from "../../call/legs.js";
import type { CallState, PhaseOf } from "../../call/state.js";
import type { LeavingStage } from "./state.js";

/** The clock that ends each stage whatever else happens: a caller at a mailbox is never left to silence. */
const CLOCK_OF: Readonly<Record<LeavingStage, "desk" | "say" | "record">> = {
  opening: "desk",
  refusing: "say",
  greeting: "say",
  recording: "record",
  measuring: "desk",
  again: "say",
  menu: "say",
  replaying: "say",
  told: "say",
  leaving: "say",
  settling: "desk",
};

export function violations({ legs, timers }: CallState, { taking }: PhaseOf<"voicemail">): string[] {
  const broken: string[] = [];
  if (legs.some(isActive)) broken.push("a leg rings while a message is taken");
  if (!(CLOCK_OF[taking.stage] in timers)) broken.push(`${taking.stage} at a mailbox without its clock`);
  if (taking.callerGone !== (taking.stage === "settling")) broken.push("a message settled beside its caller");
  if (taking.stage === "menu" && taking.kept === null) broken.push("a menu without a message");
  if (taking.message === "") broken.push("a message without an id");
  return broken;
}
