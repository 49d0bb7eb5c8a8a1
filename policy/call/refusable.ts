/** Which new calls an engine may refuse when more arrive than it can carry. */
import { resolveArrival } from "./dialled.js";
import type { Arrival } from "./input.js";
import type { World } from "./world.js";

/** Never a call for help, and never a party whom a phone has transferred, who is in a call already. */
export function mayBeRefused(arrival: Arrival, world: World): boolean {
  return arrival.transfer === undefined && resolveArrival(arrival, world).source.kind !== "emergency";
}
