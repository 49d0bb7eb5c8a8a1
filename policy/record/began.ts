/** The first happening of a call's record: who calls whom. A withheld number never stands in it. */
import { isDialledByPerson } from "../call/outside-answer.js";
import type { CallState } from "../call/state.js";
import type { RoutingTable } from "../routing/table.js";
import type { Direction, WhatOf } from "./happening.js";

/** What a call's state does not keep of how it arrived. */
export interface ArrivedBy {
  /** The carrier through which the caller came; null: none, or not known. */
  readonly carrier: string | null;
  readonly sipCallId: string | null;
  readonly partOf: string | null;
  /** The caller has asked for the call in a page, and their own phone rang first. */
  readonly isClickToCall?: true;
}

export function beganOf(
  { caller, flow, revision }: CallState,
  by: ArrivedBy,
  office: RoutingTable,
  engine: string,
): WhatOf<"began"> {
  const isWithheld = caller.withheld !== undefined;
  return {
    kind: "began",
    direction: directionOf({ caller, flow }, office),
    from: isWithheld ? "" : caller.number,
    name: isWithheld ? "" : caller.name,
    isWithheld,
    user: caller.from?.username ?? null,
    device: caller.from?.device ?? null,
    called: caller.called,
    revision,
    ...by,
    engine,
  };
}

/** A call of a phone of the office that is refused, or leads nowhere, was meant for where it was dialled to. */
function directionOf({ caller, flow }: Pick<CallState, "caller" | "flow">, office: RoutingTable): Direction {
  if (caller.from === undefined) return "in";
  const { source } = flow;
  switch (source.kind) {
    case "dialled":
    case "emergency":
      return isDialledByPerson({ caller, flow }) ? "out" : "inside";
    case "not_permitted":
      return office.lookupExtension(caller.called) === undefined ? "out" : "inside";
    default:
      return "inside";
  }
}
