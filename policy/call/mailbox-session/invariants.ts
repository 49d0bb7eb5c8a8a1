/** What must hold of a call while somebody listens to messages. */
import { isActive } from "../legs.js";
import type { CallState, PhaseOf } from "../state.js";
import { isArmed } from "../timers.js";
import type { MailboxSession } from "./state.js";

export function violations({ legs, timers }: CallState, { listening }: PhaseOf<"listening">): string[] {
  const { stage, admitted, draft } = listening;
  const broken: string[] = [];
  if (legs.some(isActive)) broken.push("a leg rings while somebody listens to messages");
  const clock = stage.at === "asking" ? "answer" : stage.at === "recording" ? "record" : "say";
  if (!isArmed(timers, clock)) broken.push(`${stage.at} while listening without its clock`);
  if (!admitted && !isBeforeAdmission(stage)) broken.push("somebody listens who was not let in");
  if (stage.at === "recording" && draft === "") broken.push("a recording without an id");
  return broken;
}

/** What a listener hears who has not proved yet who they are. */
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
