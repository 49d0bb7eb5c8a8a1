/**
 * The phone that called has transferred the other party, and waits in park to hear what became of that. The other party
 * is the caller of a call of its own by now, which tells the phone and ends this channel. This phase only waits.
 */
import { z } from "zod";
import { callerGone, endCaller } from "./ending.js";
import type { Input } from "./input.js";
import type { PhaseRun } from "./phase-run.js";
import { schemaOf } from "./saved-schema.js";
import type { PhaseOf } from "./state.js";
import type { Turn } from "./turn.js";

/** Longer than the switch lets the phone wait: `park_timeout` is 600 s (sofia.c, sofia_handle_sip_i_refer). */
const WAIT_MS = 605_000;

export function beginHandedOver(turn: Turn): void {
  turn.enter({ kind: "handed_over" });
  turn.arm("release", turn.atMs + WAIT_MS);
  turn.emit({ type: "save", guard: false });
}

function handle(turn: Turn, _phase: PhaseOf<"handed_over">, input: Input): boolean {
  switch (input.type) {
    case "caller_gone":
      // Whoever was transferred is another call's by now, or will be as soon as their channel parks.
      for (const leg of turn.state.legs) turn.expectEnd(leg.id, "NORMAL_CLEARING");
      callerGone(turn);
      return true;
    case "leg_ended":
      turn.removeLeg(input.leg);
      return true;
    case "bridged":
      turn.disarm("release");
      turn.enter({ kind: "connected", leg: input.leg, looks: 0, who: input.who ?? null });
      return true;
    case "timer":
      if (input.id !== "release") return false;
      endCaller(turn, { kind: "answered", by: turn.state.answeredBy ?? "" }, "NORMAL_CLEARING");
      return true;
    case "resync":
      if (input.caller === null) callerGone(turn);
      else
        for (const leg of turn.state.legs)
          if (!input.legs.some((live) => live.id === leg.id)) turn.removeLeg(leg.id);
      return true;
    case "caller_parked":
    case "contacts_changed":
      return true;
    default:
      return false;
  }
}

export const handedOverRun: PhaseRun<PhaseOf<"handed_over">> = {
  handle,
  violations: () => [],
  saved: schemaOf<PhaseOf<"handed_over">>()(z.object({ kind: z.literal("handed_over") })),
};
