/** What must hold of a call during a mailbox session. */
import { isActive } from "../legs.js";
import type { CallState, PhaseOf } from "../state.js";
import { isArmed } from "../timers.js";
import type { MailboxSession } from "./state.js";

export function violations({ legs, timers }: CallState, { listening }: PhaseOf<"listening">): string[] {
  const { stage, admitted, draft } = listening;
  const broken: string[] = [];
  if (legs.some(isActive)) broken.push("a leg rings during a mailbox session");
  const clock = stage.at === "asking" ? "answer" : stage.at === "recording" ? "record" : "say";
  if (!isArmed(timers, clock)) broken.push(`${stage.at} while listening without its clock`);
  if (!admitted && !isBeforeAdmission(stage)) broken.push("a listener was not let in");
  if (stage.at === "recording" && draft === null) broken.push("a recording without an id");
  return broken;
}

/** Whether a listener may be at this stage who has not proved yet who they are. */
function isBeforeAdmission(stage: MailboxSession["stage"]): boolean {
  switch (stage.at) {
    case "entry":
      return stage.entry === "extension" || stage.entry === "pin";
    case "asking":
      return stage.ask.kind === "check_pin";
    case "telling":
      return stage.next.to === "leave";
    default:
      return false;
  }
}
