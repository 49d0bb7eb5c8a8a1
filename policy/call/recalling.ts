/**
 * A transfer has failed, and the caller goes back to whoever transferred them. First the phone that waits for the
 * outcome is told, and lets go of its old leg: a phone that still holds a call may refuse another. The caller hears
 * ringing meanwhile.
 */
import { z } from "zod";
import type { HangupReason } from "../steps/hangup/step.js";
import { callerGone } from "./ending.js";
import type { Input } from "./input.js";
import { isActive } from "./legs.js";
import type { PhaseRun } from "./phase-run.js";
import { ensureRingback } from "./ringback.js";
import { savedTransferrer } from "./saved-parts.js";
import { schemaOf } from "./saved-schema.js";
import type { CallState, PhaseOf } from "./state.js";
import { isArmed } from "./timers.js";
import { failedStatus } from "./transfer.js";
import { nameOf } from "./transferrer.js";
import type { Turn } from "./turn.js";

/** How long a phone may take to hang up after it was told, before its old leg is ended. */
const TOLD_MS = 400;
/** How long the old leg may take to end then, before the phone is rung all the same. */
const ENDED_MS = 600;

/** The transfer in progress has failed. Without somebody to go back to, the caller is hung up as the flow says. */
export function beginRecall(turn: Turn, why: HangupReason): void {
  const { transfer } = turn.state;
  if (transfer === null) return;
  const { by, to, channel } = transfer;
  turn.note({ kind: "transfer_failed", to, by: nameOf(by), why });
  if (channel !== null) turn.emit({ type: "tell_transfer", channel, status: failedStatus(turn, why) });
  turn.patch({ transfer: null });
  turn.patchCaller({ called: transfer.called });
  turn.disarmWhere((id) => id === "told");
  const isLeg = channel !== null && turn.leg(channel) !== undefined;
  turn.enter({ kind: "recalling", by, why, channel, isLeg, killed: false });
  if (channel === null) {
    goBack(turn);
    return;
  }
  ensureRingback(turn);
  turn.arm("told", turn.atMs + TOLD_MS);
  turn.emit({ type: "save", guard: false });
}

function goBack(turn: Turn): void {
  const { phase } = turn.state;
  if (phase.kind !== "recalling" || turn.goOn !== null) return;
  turn.disarm("told");
  turn.goOn =
    phase.by === null
      ? { kind: "hang_up", reason: phase.why }
      : { kind: "start_flow", source: { kind: "recall", by: phase.by } };
}

function handle(turn: Turn, phase: PhaseOf<"recalling">, input: Input): boolean {
  switch (input.type) {
    case "caller_gone":
      endOther(turn, phase);
      callerGone(turn);
      return true;
    case "timer":
      if (input.id !== "told") return false;
      told(turn, phase);
      return true;
    case "resync":
      if (input.caller === null) {
        callerGone(turn);
        return true;
      }
      turn.patchCaller({
        parked: input.caller.parked,
        ringback: input.caller.playing && turn.state.caller.ringback,
      });
      ensureRingback(turn);
      checkOver(turn);
      if (turn.goOn !== null) return true;
      // The command may have been lost with the connection, and the phone has had time enough.
      told(turn, { ...phase, killed: false });
      return true;
    case "caller_parked":
      turn.patchCaller({ parked: true });
      ensureRingback(turn);
      return true;
    case "played":
    case "contacts_changed":
      return true;
    default:
      return false;
  }
}

/** The phone has not hung up in time: its old leg is ended. If that has no effect either, the phone is rung all the same. */
function told(turn: Turn, phase: PhaseOf<"recalling">): void {
  const { channel } = phase;
  if (phase.killed || channel === null) {
    goBack(turn);
    return;
  }
  turn.enter({ ...phase, killed: true });
  turn.arm("told", turn.atMs + ENDED_MS);
  if (turn.leg(channel) !== undefined) turn.killLeg(channel, "BLIND_TRANSFER");
  else endOther(turn, phase);
}

/** Ends the channel of a phone that had called, which is no leg of this call. */
function endOther(turn: Turn, { channel }: PhaseOf<"recalling">): void {
  if (channel !== null && turn.leg(channel) === undefined)
    turn.emit({ type: "kill", channel, cause: "BLIND_TRANSFER" });
}

/** A leg has ended: if it was the phone's old one, the phone can be rung. */
function checkOver(turn: Turn): void {
  const { phase, legs } = turn.state;
  if (phase.kind === "recalling" && phase.isLeg && !legs.some(({ id }) => id === phase.channel)) goBack(turn);
}

function violations({ legs, timers }: CallState): string[] {
  const broken: string[] = [];
  if (legs.some(isActive)) broken.push("a leg rings while a phone is told that its transfer failed");
  if (!isArmed(timers, "told")) broken.push("a caller goes back, and no timer sees to it");
  return broken;
}

export const recallingRun: PhaseRun<PhaseOf<"recalling">> = {
  handle,
  violations,
  checkOver,
  saved: schemaOf<PhaseOf<"recalling">>()(
    z.object({
      kind: z.literal("recalling"),
      by: savedTransferrer.nullable(),
      why: z.enum(["normal", "busy", "no_answer", "declined", "unavailable", "unassigned"]),
      channel: z.string().nullable(),
      isLeg: z.boolean(),
      killed: z.boolean(),
    }),
  ),
  awaitsEvent: () => true,
};
