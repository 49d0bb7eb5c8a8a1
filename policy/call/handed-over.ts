/**
 * The phone that called has transferred the other party, and waits in park to hear what became of that. The other party
 * is the caller of a call of its own by now, which tells the phone and ends this channel. That command may be lost, or the
 * party may hang up while no engine is there: so the switch is asked about the party now and then.
 */
import { z } from "zod";
import { callerGone } from "./ending.js";
import type { Input } from "./input.js";
import type { PhaseRun } from "./phase-run.js";
import { schemaOf } from "./saved-schema.js";
import type { PhaseOf } from "./state.js";
import type { Turn } from "./turn.js";

/** How often the switch is asked about the party. The party's own call tells the phone at once: this is for its loss. */
const ASK_AGAIN_MS = 10_000;

export function beginHandedOver(turn: Turn, leg: string): void {
  turn.enter({ kind: "handed_over", leg });
  turn.arm("release", turn.atMs + ASK_AGAIN_MS);
  turn.emit({ type: "save", guard: false });
}

function handle(turn: Turn, phase: PhaseOf<"handed_over">, input: Input): boolean {
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
      turn.arm("release", turn.atMs + ASK_AGAIN_MS);
      turn.emit({ type: "inspect" });
      return true;
    case "resync":
      resync(turn, phase, input);
      return true;
    case "caller_parked":
    case "contacts_changed":
      return true;
    default:
      return false;
  }
}

function resync(
  turn: Turn,
  { leg: party }: PhaseOf<"handed_over">,
  input: Extract<Input, { type: "resync" }>,
): void {
  if (input.caller === null) {
    callerGone(turn);
    return;
  }
  for (const leg of turn.state.legs)
    if (!input.legs.some((live) => live.id === leg.id)) turn.removeLeg(leg.id);
  turn.arm("release", turn.atMs + ASK_AGAIN_MS);
  if (party === null || !input.caller.parked) return;
  const found = input.legs.find(({ id }) => id === party);
  const isTaken = found !== undefined && (found.bridgedTo !== null || found.isSettled === true);
  // The switch itself tells the phone as soon as the party is bridged; who is gone was taken by nobody.
  if (found === undefined || isTaken)
    turn.emit({ type: "tell_transfer", channel: turn.state.id, status: isTaken ? null : 487 });
}

export const handedOverRun: PhaseRun<PhaseOf<"handed_over">> = {
  handle,
  violations: () => [],
  saved: schemaOf<PhaseOf<"handed_over">>()(
    z.object({ kind: z.literal("handed_over"), leg: z.string().nullable() }),
  ),
};
