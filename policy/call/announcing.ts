/** While an announcement plays to the caller. It ends by itself, or by its bound; then the flow goes on. */
import { ANNOUNCE_MAX_MS } from "./bounds.js";
import { callerGone } from "./ending.js";
import type { Input } from "./input.js";
import { stopRingback } from "./ringback.js";
import type { Phase } from "./state.js";
import type { Turn } from "./turn.js";

export function beginAnnounce(turn: Turn, sound: string): void {
  stopRingback(turn);
  const playId = turn.playId();
  turn.enter({ kind: "announcing", playId });
  turn.arm("announce", turn.atMs + ANNOUNCE_MAX_MS);
  turn.emit({ type: "save", guard: false });
  // Media on a channel that was not answered makes the switch send 183 by itself (switch_core_session.c:2794).
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds: [sound] });
  if (turn.state.caller.media === "none") turn.patchCaller({ media: "early" });
}

export function announcing(turn: Turn, phase: Extract<Phase, { kind: "announcing" }>, input: Input): boolean {
  switch (input.type) {
    case "played":
      if (input.playId !== phase.playId) return false;
      done(turn);
      return true;
    case "timer":
      if (input.id !== "announce") return false;
      turn.note({ kind: "bound_reached", bound: "length of an announcement" });
      turn.emit({ type: "stop_playing", channel: turn.state.id });
      done(turn);
      return true;
    case "caller_gone":
      callerGone(turn);
      return true;
    case "resync":
      if (input.caller === null) callerGone(turn);
      else if (!input.caller.playing) done(turn);
      return true;
    default:
      return false;
  }
}

function done(turn: Turn): void {
  turn.disarm("announce");
  turn.goOn = { kind: "next_step" };
}
