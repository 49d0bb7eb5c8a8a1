/**
 * Stops what the caller hears and what is recorded of them, and goes on only when the switch has confirmed that. Whoever
 * goes on before may settle a recording that is still being made: our command may have been lost with the connection.
 *
 * The reply to a break proves little. A break flushes what is queued and stops what runs, but an application that the
 * switch has just taken from the queue begins all the same (CF_BREAK is cleared before each application,
 * switch_core_session.c). So a moment of nothing is queued behind the break: applications with event-lock run in order,
 * so when that moment has been played, nothing that was queued before runs any more.
 */
import { STOP_MS, STOPS_MAX } from "../bounds.js";
import type { Input } from "../input.js";
import { SOUND_NOTHING } from "../sounds.js";
import type { Turn } from "../turn.js";
import { type Enter, enterStage, stopSound } from "./stages.js";
import type { DialogueState } from "./state.js";

/** Enters a stage that waits until everything has stopped. */
export function stopAll<S extends DialogueState>(turn: Turn, enter: Enter<S>, state: S): void {
  stopOnce(turn, enter, { ...state, repeats: 0, playId: turn.playId() });
}

/**
 * Every stop of a stage queues its moment of nothing under the same id, so that the first one that was played confirms
 * the stage: when events come late, an earlier stop is confirmed while a later one is on its way.
 */
function stopOnce<S extends DialogueState>(turn: Turn, enter: Enter<S>, state: S): void {
  const playId = state.playId ?? turn.playId();
  enterStage(turn, enter, { ...state, playId });
  turn.arm("say", turn.atMs + STOP_MS);
  stopSound(turn);
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds: [SOUND_NOTHING] });
}

/**
 * What an input means while everything is being stopped: `stopped` when the switch has confirmed it, `unknown` when the
 * switch has said nothing for so long that the dialogue goes on without knowing; undefined: neither yet, or the input
 * means something else.
 */
export function whetherStopped<S extends DialogueState>(
  turn: Turn,
  enter: Enter<S>,
  state: S,
  input: Input,
): "stopped" | "unknown" | undefined {
  switch (input.type) {
    case "played":
      return input.playId === state.playId ? "stopped" : undefined;
    case "timer":
      if (input.id !== "say") return undefined;
      if (state.repeats + 1 >= STOPS_MAX) {
        turn.note({ kind: "bound_reached", bound: "time to stop a recording" });
        return "unknown";
      }
      stopOnce(turn, enter, { ...state, repeats: state.repeats + 1 });
      return undefined;
    case "resync":
      // The break may have been lost with the connection, and the recording may be going on.
      if (input.caller !== null) stopOnce(turn, enter, state);
      return undefined;
    default:
      return undefined;
  }
}
