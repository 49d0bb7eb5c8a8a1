/**
 * What a saved state can do without, when a call's state is too long to be saved whole: the switch takes a bounded text
 * (`engine/calls/saved-state.ts`). The bounds of the core keep states far shorter, unless most of the phones that ring
 * have addresses of a kilobyte.
 */
import type { Ring } from "../steps/ring/state.js";
import type { CallState } from "./state.js";
import { legTimer, stationTimer, withoutTimers } from "./timers.js";

/** Each leaves out more than the one before. */
export const REDUCTIONS: ReadonlyArray<(state: CallState) => CallState> = [
  withoutAddresses,
  (state) => withoutLaterStations(withoutAddresses(state)),
  (state) => withoutRinging(withoutLaterStations(withoutAddresses(state))),
];

/** A leg whose dialling was lost is not dialled again, since its address is not known. */
function withoutAddresses(state: CallState): CallState {
  const legs = state.legs.map((leg) =>
    leg.dial.kind === "contact" ? { ...leg, dial: { ...leg.dial, url: "" } } : leg,
  );
  return { ...state, legs };
}

/** Phones that would begin to ring later never do. */
function withoutLaterStations(state: CallState): CallState {
  const { phase, legs } = state;
  if (phase.kind !== "ringing") return state;
  const { ring } = phase;
  const last = Math.max(
    ring.phases.lastIndexOf("open"),
    ...legs.map(({ station }) => Math.min(station, ring.stations.length - 1)),
  );
  const timers = withoutTimers(state.timers, (id) =>
    ring.stations.some(
      (_station, i) => i > last && (id === stationTimer("start", i) || id === stationTimer("end", i)),
    ),
  );
  const kept = <T>(all: readonly T[]) => all.slice(0, last + 1);
  const slots = Math.max(ring.slot, ...kept(ring.stations).map(({ slot }) => slot));
  const rest: Partial<Ring> = {
    stations: kept(ring.stations),
    phases: kept(ring.phases),
    slotMs: ring.slotMs.slice(0, slots + 1),
  };
  return { ...state, timers, phase: { kind: "ringing", ring: { ...ring, ...rest } } };
}

/** Only the leg that is connected, or is being connected, is kept. An engine that takes the call over ends the others. */
function withoutRinging(state: CallState): CallState {
  const { phase } = state;
  const kept = phase.kind === "ringing" ? phase.ring.winner : phase.kind === "connected" ? phase.leg : null;
  const gone = state.legs.filter(({ id }) => id !== kept);
  const timers = withoutTimers(state.timers, (id) =>
    gone.some((leg) =>
      (["dial", "decide", "kill", "taken"] as const).some((kind) => id === legTimer(kind, leg.id)),
    ),
  );
  return { ...state, timers, rang: [], legs: state.legs.filter(({ id }) => id === kept) };
}
