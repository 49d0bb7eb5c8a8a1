/**
 * Keys during the greeting: 0 leads to the operator, star to the messages. Tone and recording are queued behind the
 * greeting, and the switch goes on to them if our command to stop is lost. So what was recorded is settled only when the
 * switch has confirmed that nothing is recorded any more.
 */
import { stopAll, whetherStopped } from "../../call/dialogue/stopping.js";
import type { Input } from "../../call/input.js";
import type { Turn } from "../../call/turn.js";
import { mailboxSettings } from "../../mailbox/mailbox.js";
import { callOperator } from "./menu.js";
import type { LeavingMessage, StoppingStage } from "./state.js";
import { deliver, earlierTakes, enter, measure } from "./takes.js";

/** 0: the caller wants to speak to a person. */
export function stopForOperator(turn: Turn, leaving: LeavingMessage): void {
  if (mailboxSettings(leaving.box, turn.world.office).operator !== undefined)
    stopAll(turn, enter, { ...leaving, stage: "stopping_for_operator" });
}

/** Star: the caller wants to listen to this mailbox, where the office allows that from outside. */
export function stopForMessages(turn: Turn, leaving: LeavingMessage): void {
  if (mailboxSettings(leaving.box, turn.world.office).remoteAccess !== "none")
    stopAll(turn, enter, { ...leaving, stage: "stopping_for_messages" });
}

/** Handles an input while greeting and recording are being stopped; false: the input is handled as in every dialogue. */
export function whileStopping(
  turn: Turn,
  leaving: LeavingMessage,
  stage: StoppingStage,
  input: Input,
): boolean {
  // Nothing but our moment of nothing is queued behind the recording.
  const isRecorded = input.type === "recorded" && input.playId === leaving.recordId;
  const how = isRecorded ? "stopped" : whetherStopped(turn, enter, leaving, input);
  if (how !== undefined) stopped(turn, leaving, stage, how === "stopped");
  return how !== undefined || input.type === "timer";
}

/**
 * @param isSure false: the switch has confirmed nothing. Then the recording is left as it is: voicemail settles it when
 * the call is over.
 */
function stopped(turn: Turn, leaving: LeavingMessage, stage: StoppingStage, isSure: boolean): void {
  if (stage === "stopping") {
    measure(turn, leaving);
    return;
  }
  const { box, message, urgent } = leaving;
  if (isSure) deliver(turn, [message, ...earlierTakes(leaving)], urgent);
  const { operator } = mailboxSettings(box, turn.world.office);
  turn.disarm("say");
  if (stage === "stopping_for_operator" && operator !== undefined) callOperator(turn, operator);
  else turn.goOn = { kind: "listen", box };
}
