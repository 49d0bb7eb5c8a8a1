/** What the engine needs of whoever keeps records of calls, and what only the engine can tell it of an arrival. */
import { arrivedState } from "../../policy/call/claiming.js";
import type { Arrival } from "../../policy/call/input.js";
import type { World } from "../../policy/call/world.js";
import type { Carrier } from "../../policy/office/office.js";
import { given, mapped } from "../../policy/office/optional.js";
import { type ArrivedBy, beganOf } from "../../policy/record/began.js";
import type { Keeper } from "../../policy/record/observe.js";
import { carrierOf } from "../../policy/routing/carrier-places.js";
import { clickOf, readSipCallId, wordsIn } from "../calls/inputs.js";
import type { SwitchEvent } from "../switch/wire.js";

/** `happened` returns at once and never throws: calls go on whatever becomes of their records. */
export interface RecordsPort extends Keeper {
  /**
   * The calls whose records have no end, from what engines before this one have written; asked when this engine is
   * connected. Left out: nobody knows.
   */
  unfinished?(): Promise<readonly string[]>;
}

export function arrivedBy(
  { origin, words, sipCallId, partOf, isClickToCall }: Arrival,
  carriers: readonly Carrier[],
): ArrivedBy {
  return {
    carrier: origin.kind === "carrier" ? (carrierOf(words, carriers)?.id ?? null) : null,
    sipCallId: sipCallId ?? null,
    partOf: partOf ?? null,
    ...given({ isClickToCall }),
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
    ...given({ isClickToCall: mapped(clickOf(channel), () => true as const) }),
  };
}

/** The record of a call that is refused before it begins. */
export function recordShed(records: RecordsPort, arrival: Arrival, world: World): void {
  const { id: call, atMs } = arrival;
  const by = arrivedBy(arrival, world.office.carriers);
  const began = beganOf(arrivedState(arrival, world), by, world.office, records.engine);
  records.happened({ call, atMs, what: began });
  records.happened({
    call,
    atMs,
    what: { kind: "ended", ending: { kind: "shed" }, side: "office", cause: null, isSeen: true },
  });
}
