/** In which states a leg rings, decides, or takes part in a ring step at all: for several phases. */
import type { OfLeg } from "./command.js";
import type { Leg } from "./state.js";

/** Losers see "Call completed elsewhere", so that no phone shows a missed call (mod_sofia.c:505-507). */
export const LOSE_RACE = "LOSE_RACE";

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

/** For notes. */
export function named({ id, who, device }: Leg): OfLeg {
  return { who, device, leg: id };
}
