/** What the engine needs of whoever keeps records of calls, and what only the engine can tell it of an arrival. */
import { arrivedState } from "../../policy/call/claiming.js";
import type { Arrival } from "../../policy/call/input.js";
import type { World } from "../../policy/call/world.js";
import type { Carrier } from "../../policy/office/office.js";
import { type ArrivedBy, beganOf } from "../../policy/record/began.js";
import type { Happening } from "../../policy/record/happening.js";
import { carrierOf } from "../../policy/routing/carrier-places.js";
import { readSipCallId, wordsIn } from "../calls/inputs.js";
import type { SwitchEvent } from "../switch/wire.js";

export interface RecordsPort {
  /** The process of the engine, under a name of its own. */
  readonly engine: string;
  /** Must return at once, and never throws: calls go on whatever becomes of their records. */
  readonly happened: (happening: Happening) => void;
}

export function arrivedBy(
  { origin, words, sipCallId, partOf }: Arrival,
  carriers: readonly Carrier[],
): ArrivedBy {
  return {
    carrier: origin.kind === "carrier" ? (carrierOf(words, carriers)?.id ?? null) : null,
    sipCallId: sipCallId ?? null,
    partOf: partOf ?? null,
  };
}

/** The same of a call that is taken over: its caller's channel still says it. */
export function arrivedByChannel(channel: SwitchEvent, carriers: readonly Carrier[]): ArrivedBy {
  const isFromCarrier =
    channel["Call-Direction"] === "inbound" && channel["variable_user_name"] === undefined;
  return {
    carrier: isFromCarrier ? (carrierOf(wordsIn(channel), carriers)?.id ?? null) : null,
    sipCallId: readSipCallId(channel) ?? null,
    partOf: null,
  };
}

/** The record of a call that is refused before it begins. */
export function recordShed({ engine, happened }: RecordsPort, arrival: Arrival, world: World): void {
  const { id: call, atMs } = arrival;
  const by = arrivedBy(arrival, world.office.carriers);
  happened({ call, atMs, what: beganOf(arrivedState(arrival, world), by, world.office, engine) });
  happened({
    call,
    atMs,
    what: { kind: "ended", ending: { kind: "shed" }, side: "office", cause: null, isSeen: true },
  });
}
