/**
 * How a call begins: the engine claims it, so that neither another engine nor the switch's fallback handles it too. Then
 * the flow begins to which the dialled number leads.
 */
import { z } from "zod";
import { given, mapped } from "../office/optional.js";
import type { CarrierWords } from "../routing/carrier-places.js";
import { CLAIM_MS, cutText, HEADER_CHARACTERS_MAX } from "./bounds.js";
import { resolveArrival } from "./dialled.js";
import type { Arrival, Input } from "./input.js";
import { isActive } from "./legs.js";
import type { PhaseRun } from "./phase-run.js";
import { schemaOf } from "./saved-schema.js";
import type { CallState, PhaseOf } from "./state.js";
import { transferrerNamed } from "./transferrer.js";
import type { Turn } from "./turn.js";
import type { World } from "./world.js";

/** A call's first state, before anything was decided. */
export function arrivedState(sent: Arrival, world: World): CallState {
  const arrival = cut(sent);
  const { caller, source } = resolveArrival(arrival, world);
  return {
    id: arrival.id,
    revision: world.office.revision,
    arrivedMs: arrival.atMs,
    caller,
    flow: { source, index: 0 },
    hops: 0,
    phase: { kind: "claiming" },
    legs: [],
    legCount: 0,
    legsOfVersion1: 0,
    ...given({ askedBy: arrival.askedBy }),
    playCount: 0,
    timers: {},
    rang: [],
    answeredBy: null,
    transfer:
      arrival.transfer === undefined
        ? null
        : {
            to: caller.called,
            called: caller.called,
            by: transferrerNamed(arrival.transfer.by, world),
            channel: arrival.transfer.channel,
          },
    busy: null,
    refusal: null,
    ending: null,
    staleTimers: 0,
  };
}

/** Callers choose these texts, and all of them become part of the saved state. */
function cut(arrival: Arrival): Arrival {
  return {
    ...arrival,
    dialled: arrival.dialled.map(cutText),
    callerNumber: cutText(arrival.callerNumber),
    callerName: cutText(arrival.callerName),
    ...given({ words: mapped(arrival.words, cutWords) }),
  };
}

function cutWords(words: CarrierWords): CarrierWords {
  const places = Object.entries(words.places).map(
    ([place, text]) => [place, text.slice(0, HEADER_CHARACTERS_MAX)] as const,
  );
  return { ...words, places: Object.fromEntries(places) };
}

export function beginClaim(turn: Turn): void {
  turn.arm("claim", turn.atMs + CLAIM_MS);
  turn.note({ kind: "arrived", from: turn.state.caller.number, to: turn.state.caller.called });
  turn.emit({ type: "claim" });
}

function handle(turn: Turn, _phase: PhaseOf<"claiming">, input: Input): boolean {
  switch (input.type) {
    case "claimed":
      turn.disarm("claim");
      turn.patchCaller({ asked: false });
      turn.goOn = input.won
        ? { kind: "start_flow", source: turn.state.flow.source }
        : { kind: "finish", ending: { kind: "not_ours" } };
      return true;
    case "timer":
      // No reply: the switch's own fallback takes the caller (dialplan, `sched_transfer`).
      if (input.id !== "claim") return false;
      // The claim may have been made though its reply is lost, and the fallback would respect it (dialplan, `fallback`).
      turn.emit({ type: "release" });
      turn.goOn = { kind: "finish", ending: { kind: "not_ours" } };
      return true;
    case "caller_gone":
      turn.disarm("claim");
      turn.goOn = { kind: "finish", ending: { kind: "missed" } };
      return true;
    case "resync":
      turn.disarm("claim");
      if (input.caller === null) turn.goOn = { kind: "finish", ending: { kind: "missed" } };
      else beginClaim(turn);
      return true;
    default:
      return false;
  }
}

export const claimingRun: PhaseRun<PhaseOf<"claiming">> = {
  handle,
  violations: ({ legs }) => (legs.some(isActive) ? ["a leg rings while claiming"] : []),
  saved: schemaOf<PhaseOf<"claiming">>()(z.object({ kind: z.literal("claiming") })),
  awaitsEvent: () => true,
};
