/** What the caller hears while phones ring. */
import type { Turn } from "./turn.js";

/** Plays the ringing tone. Without media nothing is played, since the caller's network makes the tone then. */
export function ensureRingback(turn: Turn): void {
  const { caller } = turn.state;
  if (caller.media === "none" || caller.ringback || !caller.parked) return;
  turn.emit({ type: "ringback" });
  turn.patchCaller({ ringback: true });
}

/** Ends the tone, before something else is played or the caller is connected. */
export function stopRingback(turn: Turn): void {
  if (!turn.state.caller.ringback) return;
  turn.emit({ type: "stop_playing", channel: turn.state.id });
  turn.patchCaller({ ringback: false });
}
