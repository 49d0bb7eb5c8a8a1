/** What of a call may be written down: keys that may be a PIN are left out. */
import type { CallState } from "../state.js";
import { type Timers, withoutTimers } from "../timers.js";
import type { SessionStage } from "./state.js";

/**
 * A state as it may be written down, on the switch or in a log: without keys that may be a PIN. An engine that
 * takes the call over has them typed again.
 */
export function withoutSecrets(state: CallState): CallState {
  if (state.phase.kind !== "listening") return state;
  const { listening } = state.phase;
  const { stage } = listening;
  const isSecret = stage.at === "asking" && (stage.ask.kind === "check_pin" || stage.ask.kind === "set_pin");
  const again: SessionStage = {
    at: "entry",
    entry: isSecret && stage.ask.kind === "set_pin" ? "new_pin" : "pin",
  };
  const needsFirst = stage.at === "entry" && stage.entry === "new_pin_again";
  const isTyping = stage.at === "entry" && listening.typed !== "";
  return {
    ...state,
    // What is asked has its clock; an entry has another.
    ...(isSecret ? { timers: { ...withoutAnswer(state.timers), say: state.timers["answer"] ?? 0 } } : {}),
    // Without the first keys the rest would be taken for the whole: the question is put again at once.
    ...(isTyping ? { timers: { ...state.timers, say: 0 } } : {}),
    phase: {
      kind: "listening",
      listening: {
        ...listening,
        typed: "",
        newPin: "",
        ...(isTyping || isSecret ? { repeats: 0 } : {}),
        stage: isSecret ? again : needsFirst ? { at: "entry", entry: "new_pin" } : stage,
      },
    },
  };
}

function withoutAnswer(timers: Timers): Timers {
  return withoutTimers(timers, (id) => id === "answer");
}
