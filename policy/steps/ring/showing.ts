/** What decides the number and name that the legs of a ring step are shown. */
import { payerOf } from "../../call/flow.js";
import type { Turn } from "../../call/turn.js";
import { given } from "../../office/optional.js";
import type { Showing } from "../../ring/caller-id.js";
import type { RingStep } from "./step.js";

export function showing(turn: Turn, step: RingStep): Showing {
  const { caller, flow } = turn.state;
  const { office } = turn.world;
  const own = office.ownNumber(caller.called);
  const entry = own?.entry ?? (flow.source.kind === "number" ? office.anyNumber : undefined);
  const id =
    step.target.kind === "group" ? step.target.id : flow.source.kind === "group" ? flow.source.id : null;
  const group = id === null ? undefined : office.group(id);
  return {
    callerNumber: caller.number,
    callerName: caller.name,
    called: own?.number ?? null,
    prefix: entry?.callerIdPrefix ?? group?.callerIdPrefix ?? null,
    ...given({ withheld: caller.withheld, hidesNumber: caller.hidesNumber }),
    payer: payerOf(turn),
    emergency: flow.source.kind === "emergency",
    from: caller.from ?? null,
  };
}
