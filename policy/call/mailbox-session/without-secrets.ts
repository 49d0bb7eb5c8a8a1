/** Leaves out of a call's state the keys that may be a PIN, so that the state may be written down. */
import type { CallState } from "../state.js";
import { type Timers, withoutTimers } from "../timers.js";
import type { SessionStage } from "./state.js";

/** The state for the switch or a log. An engine that takes the call over asks for the left-out keys again. */
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
    // A question to the mailbox and an entry have different timers.
    ...(isSecret ? { timers: { ...withoutAnswer(state.timers), say: state.timers["answer"] ?? 0 } } : {}),
    // The keys so far are left out, so the entry is asked for again at once, from its first key.
    ...(isTyping ? { timers: { ...state.timers, say: 0 } } : {}),
    phase: {
      kind: "listening",
      listening: {
        ...listening,
        typed: "",
        newPin: null,
        ...(isTyping || isSecret ? { repeats: 0 } : {}),
        stage: isSecret ? again : needsFirst ? { at: "entry", entry: "new_pin" } : stage,
      },
    },
  };
}

function withoutAnswer(timers: Timers): Timers {
  return withoutTimers(timers, (id) => id === "answer");
}
