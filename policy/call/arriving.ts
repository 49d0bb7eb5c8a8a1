/**
 * How a call begins: it is claimed, so that no other controller and no fallback tends it too, and the
 * number called is looked up. Several places may carry that number: the request URI, then To; carriers
 * differ.
 */

import type { User } from "../office/office.js";
import { may } from "../office/permission.js";
import { emergencyDialled } from "../routing/emergency.js";
import { parseListenCode } from "../routing/feature-codes.js";
import { parseNumber } from "../routing/number.js";
import { CLAIM_MS } from "./bounds.js";
import { finish } from "./ending.js";
import { startFlow } from "./flow.js";
import type { Arrival, Input } from "./input.js";
import type { Caller, CallState, FlowSource } from "./state.js";
import type { Turn } from "./turn.js";
import type { World } from "./world.js";

/** A call's first state, before anything was decided. */
export function arrivedState(arrival: Arrival, world: World): CallState {
  const { caller, source } = resolve(arrival, world);
  return {
    v: 1,
    id: arrival.id,
    revision: world.office.revision,
    arrivedMs: arrival.atMs,
    caller,
    flow: { source, index: 0 },
    hops: 0,
    phase: { kind: "claiming" },
    legs: [],
    legCount: 0,
    playCount: 0,
    timers: {},
    rang: [],
    answeredBy: null,
    busy: null,
    ending: null,
    staleTimers: 0,
  };
}

export function beginClaim(turn: Turn): void {
  turn.arm("claim", turn.atMs + CLAIM_MS);
  turn.note({ kind: "arrived", from: turn.state.caller.number, to: turn.state.caller.called });
  turn.emit({ type: "claim" });
}

export function claiming(turn: Turn, input: Input): boolean {
  switch (input.type) {
    case "claimed":
      turn.disarm("claim");
      if (input.won) startFlow(turn, turn.state.flow.source);
      else finish(turn, { kind: "not_ours" });
      return true;
    case "timer":
      // No reply: the switch's own fallback takes the caller (dialplan, `sched_transfer`).
      if (input.id !== "claim") return false;
      // It may have been made all the same, and the fallback would believe it (dialplan, `fallback`).
      turn.emit({ type: "release" });
      finish(turn, { kind: "not_ours" });
      return true;
    case "caller_gone":
      turn.disarm("claim");
      finish(turn, { kind: "missed" });
      return true;
    case "resync":
      turn.disarm("claim");
      if (input.caller === null) finish(turn, { kind: "missed" });
      else beginClaim(turn);
      return true;
    default:
      return false;
  }
}

function resolve(arrival: Arrival, world: World): { readonly caller: Caller; readonly source: FlowSource } {
  const from = arrival.origin.kind === "phone" ? world.office.deviceBySip(arrival.origin.sipName) : undefined;
  const found =
    arrival.origin.kind === "carrier"
      ? fromOutside(arrival, world)
      : fromInside(arrival.dialled[0] ?? "", world, callsOutside(arrival.origin, from?.user, world));
  const caller: Caller = {
    number: from === undefined ? arrival.callerNumber : (from.user.extension ?? arrival.callerNumber),
    name: from === undefined ? arrival.callerName : from.user.name,
    called: found.called,
    ...(from === undefined ? {} : { from: { username: from.user.username, device: from.device.id } }),
    media: arrival.media,
    parked: true,
    guarded: false,
    ringback: false,
    codecs: arrival.codecs,
  };
  return { caller, source: found.source };
}

interface Found {
  readonly called: string;
  readonly source: FlowSource;
}

function fromOutside(arrival: Arrival, world: World): Found {
  for (const dialled of arrival.dialled) {
    const entry = world.office.lookupNumber(dialled);
    if (entry === undefined) continue;
    if (entry.leadsTo === null) return { called: entry.number, source: { kind: "unassigned" } };
    return { called: entry.number, source: { kind: "number", number: entry.number } };
  }
  return { called: arrival.dialled[0] ?? "", source: { kind: "unassigned" } };
}

/** A phone that is nobody's may not call outside. An outside party was called, or let in, by somebody who may. */
function callsOutside(origin: Arrival["origin"], user: User | undefined, world: World): boolean {
  if (origin.kind !== "phone") return true;
  return user !== undefined && may(user, "outside_calls", world.office);
}

/**
 * What a phone of the office dialled: a number for help, which needs no permission; a code, an extension, one of our own
 * numbers, or a number outside.
 * @param outside whether whoever dialled may call outside
 */
export function fromInside(dialled: string, world: World, outside: boolean): Found {
  const emergency = emergencyDialled(dialled, world.office.settings);
  if (emergency !== undefined) return { called: emergency, source: { kind: "emergency", number: emergency } };
  const code = parseListenCode(dialled);
  if (code !== undefined) return { called: dialled, source: { kind: "listen", code } };
  return numberFromInside(dialled, world, outside);
}

/**
 * Who is called back who showed this number; undefined: nobody can be. It is the caller's text, so only what may be
 * reached by a plain number counts.
 * @param outside whether whoever calls back may call outside
 */
export function callBackSource(number: string, world: World, outside: boolean): Found | undefined {
  const found = numberFromInside(number, world, outside);
  const { kind } = found.source;
  return kind === "unassigned" || kind === "not_permitted" ? undefined : found;
}

function numberFromInside(dialled: string, world: World, outside: boolean): Found {
  const owner = world.office.lookupExtension(dialled);
  if (owner !== undefined) {
    const source: FlowSource =
      owner.kind === "user"
        ? { kind: "user", username: owner.user.username }
        : { kind: "group", id: owner.group.id };
    return { called: dialled, source };
  }
  const entry = world.office.lookupNumber(dialled);
  if (entry !== undefined && entry.leadsTo !== null)
    return { called: entry.number, source: { kind: "number", number: entry.number } };
  const number = parseNumber(dialled, world.office.settings.country);
  if (number === undefined || entry !== undefined) return { called: dialled, source: { kind: "unassigned" } };
  if (!outside) return { called: number, source: { kind: "not_permitted" } };
  return { called: number, source: { kind: "dialled", target: { kind: "number", number } } };
}
