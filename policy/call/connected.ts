/**
 * While caller and callee talk. The switch ends the call by itself when either side hangs up (`hangup_after_bridge`).
 * This phase waits for that, and follows when a phone transfers the caller.
 */

import { z } from "zod";
import { cutText, RELEASE_MS } from "./bounds.js";
import { legIds } from "./derived-id.js";
import { fromInside } from "./dialled.js";
import { bridgedCallerGone, callerGone, endCaller } from "./ending.js";
import { beginHandedOver } from "./handed-over.js";
import type { Input } from "./input.js";
import { isActive } from "./legs.js";
import type { PhaseRun } from "./phase-run.js";
import { schemaOf } from "./saved-schema.js";
import type { CallState, PhaseOf, Transferrer } from "./state.js";
import { payerOfTransfer, transferrerNamed } from "./transferrer.js";
import type { Turn } from "./turn.js";

function handle(turn: Turn, phase: PhaseOf<"connected">, input: Input): boolean {
  switch (input.type) {
    case "caller_gone":
      bridgedCallerGone(turn, phase.leg);
      return true;
    case "leg_ended":
      turn.removeLeg(input.leg);
      // The switch hangs up the caller now, unless the phone has handed them to somebody else.
      if (input.leg === phase.leg) turn.arm("release", turn.atMs + RELEASE_MS);
      return true;
    case "bridged":
      // An attended transfer: the caller talks to another channel from here on.
      if (input.leg !== phase.leg) {
        turn.expectEnd(phase.leg, "NORMAL_CLEARING");
        // The state of a caller for whom the switch has rung is from before the first conversation, and an engine that
        // takes the call over would not know who has answered.
        turn.emit({ type: "unguard_caller" });
      }
      turn.enter({ kind: "connected", leg: input.leg, looks: 0, who: input.who ?? null });
      turn.disarm("release");
      return true;
    case "caller_parked":
      parked(turn, phase, input);
      return true;
    case "timer":
      if (input.id !== "release") return false;
      released(turn, phase);
      return true;
    case "resync":
      resync(turn, phase, input);
      return true;
    case "contacts_changed":
      return true;
    default:
      return false;
  }
}

/**
 * Inspections that must show no bridge before the caller is hung up. An inspection that the switch does not answer shows
 * nothing, and is made again.
 */
const INSPECTIONS_MAX = 2;

/**
 * The other side has gone, and the switch has neither ended the caller nor bridged them with another channel. A phone
 * may be in the middle of an attended transfer, or the event was lost: so the switch is asked first.
 */
function released(turn: Turn, phase: PhaseOf<"connected">): void {
  if (phase.looks >= INSPECTIONS_MAX) {
    hangUpCaller(turn);
    return;
  }
  turn.arm("release", turn.atMs + RELEASE_MS);
  turn.emit({ type: "inspect" });
}

function hangUpCaller(turn: Turn): void {
  endCaller(turn, { kind: "answered", by: turn.state.answeredBy ?? "" }, "NORMAL_CLEARING");
}

type Parked = Pick<
  NonNullable<Extract<Input, { type: "resync" }>["caller"]>,
  "transferredTo" | "transferredBy" | "handsOver"
>;

/** The bridge has ended, and the caller's channel is still there. */
function parked(turn: Turn, phase: PhaseOf<"connected">, how: Parked): void {
  if (how.transferredTo !== null) transferred(turn, phase, how.transferredTo, how.transferredBy);
  else if (how.handsOver !== undefined) beginHandedOver(turn, phase.leg);
  else hangUpCaller(turn);
}

/**
 * A blind transfer: the phone that had the call has dialled for the caller.
 * @param channel the phone's channel, if the phone waits to hear what becomes of the transfer
 */
function transferred(
  turn: Turn,
  phase: PhaseOf<"connected">,
  dialled: string,
  channel: string | undefined,
): void {
  const { leg: id } = phase;
  const to = cutText(dialled);
  turn.disarm("release");
  turn.note({ kind: "transferred", to });
  const leg = turn.leg(id);
  const by = talksTo(turn, phase);
  const payer = payerOfTransfer(by);
  const waits = channel === id;
  if (waits && leg?.phase === "answered") turn.patchLeg(id, { phase: "transferring" });
  else if (leg !== undefined) turn.killLeg(id, "NORMAL_CLEARING");
  const transfer = { by, to, called: turn.state.caller.called, channel: waits ? id : null };
  turn.patch({ transfer });
  const { called, source } = fromInside(to, turn.world, { payer, isTransferred: true });
  turn.patchCaller({ parked: true, guarded: false, ringback: false, media: "answered", called });
  turn.goOn = { kind: "hop", source };
}

/**
 * Whose phone the caller talks to; null: not known. The user who answered may have handed the caller over since, to a
 * channel of which this call knows nothing.
 */
function talksTo(turn: Turn, phase: PhaseOf<"connected">): Transferrer | null {
  const isOwnLeg = legIds(turn.state).includes(phase.leg);
  const who = turn.leg(phase.leg)?.who ?? phase.who ?? (isOwnLeg ? turn.state.answeredBy : null);
  return transferrerNamed(who, turn.world);
}

function resync(turn: Turn, phase: PhaseOf<"connected">, input: Extract<Input, { type: "resync" }>): void {
  if (input.caller === null) {
    callerGone(turn);
    return;
  }
  // Legs that lost were killed, and are waited for (machine.ts, killUnknown).
  if (!input.legs.some(({ id }) => id === phase.leg)) turn.removeLeg(phase.leg);
  const { bridgedTo } = input.caller;
  if (bridgedTo === null) {
    if (input.caller.parked || input.caller.transferredTo !== null) parked(turn, phase, input.caller);
    // Between two bridges, as in the middle of an attended transfer: wait for the next event, or for the timer.
    else {
      turn.enter({ ...phase, looks: phase.looks + 1 });
      turn.arm("release", turn.atMs + RELEASE_MS);
    }
    return;
  }
  turn.disarm("release");
  // The command that removes the guard may have been lost with the connection.
  turn.emit({ type: "unguard_caller" });
  if (bridgedTo === phase.leg) {
    turn.enter({ ...phase, looks: 0 });
    return;
  }
  turn.expectEnd(phase.leg, "NORMAL_CLEARING");
  turn.enter({ kind: "connected", leg: bridgedTo, looks: 0, who: null });
}

function violations({ legs }: CallState, phase: PhaseOf<"connected">): string[] {
  const rings = legs.some((leg) => isActive(leg) && leg.id !== phase.leg);
  return rings ? ["a leg rings on beside a connected call"] : [];
}

export const connectedRun: PhaseRun<PhaseOf<"connected">> = {
  handle,
  violations,
  saved: schemaOf<PhaseOf<"connected">>()(
    z.object({
      kind: z.literal("connected"),
      leg: z.string(),
      looks: z.number(),
      who: z.string().nullable(),
    }),
  ),
};
