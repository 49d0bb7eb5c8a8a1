/** Questions about legs that several states ask. */
import type { Leg } from "./state.js";

/** Rings at the far end, or may start to at any moment. */
export function isRinging(leg: Leg): boolean {
  return leg.phase === "dialing" || leg.phase === "ringing";
}

/** Was answered and may still become the winner. */
export function isDeciding(leg: Leg): boolean {
  return leg.phase === "answered" || leg.phase === "deciding";
}

/** Takes part in the ring step: neither killed nor being released. */
export function isActive(leg: Leg): boolean {
  return isRinging(leg) || isDeciding(leg);
}

/** Whose leg it is, for stories. */
export function named(leg: Leg): { readonly who: string; readonly device: string } {
  return { who: leg.who, device: leg.device };
}
