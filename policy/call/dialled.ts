/**
 * What was dialled, and what it leads to. An arrival may carry the number called in several places (the request URI,
 * then To; carriers differ); a phone of the office may dial a number for help, a code, an extension, or any number.
 */

import type { User } from "../office/office.js";
import { given } from "../office/optional.js";
import { may } from "../office/permission.js";
import { emergencyDialled } from "../routing/emergency.js";
import { parseListenCode } from "../routing/feature-codes.js";
import { parseNumber } from "../routing/number.js";
import type { Arrival } from "./input.js";
import type { Caller, FlowSource } from "./state.js";
import { mayTransferOutside, transferrerNamed } from "./transferrer.js";
import type { World } from "./world.js";

/** The caller of a call that has just arrived, and where the call is to go. */
export function resolveArrival(
  arrival: Arrival,
  world: World,
): { readonly caller: Caller; readonly source: FlowSource } {
  const from = arrival.origin.kind === "phone" ? world.office.deviceBySip(arrival.origin.sipName) : undefined;
  const found =
    arrival.origin.kind === "carrier"
      ? fromOutside(arrival, world)
      : fromInside(arrival.dialled[0] ?? "", world, callsOutside(arrival, from?.user, world));
  const caller: Caller = {
    number: from === undefined ? arrival.callerNumber : (from.user.extension ?? arrival.callerNumber),
    name: from === undefined ? arrival.callerName : from.user.name,
    called: found.called,
    ...given({ from: from && { username: from.user.username, device: from.device.id } }),
    media: arrival.media,
    asked: arrival.asked === true,
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

/** Whoever was transferred goes where the user may call whose phone dialled for them. A phone without a user may not. */
function callsOutside({ transfer }: Arrival, user: User | undefined, world: World): boolean {
  if (transfer !== undefined) return mayTransferOutside(transferrerNamed(transfer.by, world), world);
  return user !== undefined && may(user, "outside_calls", world.office);
}

/**
 * What a phone of the office dialled: a number for help, which needs no permission; a code, an extension, one of our own
 * numbers, or a number outside.
 * @param outside whether the caller may call outside
 */
export function fromInside(dialled: string, world: World, outside: boolean): Found {
  const emergency = emergencyDialled(dialled, world.office.settings);
  if (emergency !== undefined) return { called: emergency, source: { kind: "emergency", number: emergency } };
  const code = parseListenCode(dialled);
  if (code !== undefined) return { called: dialled, source: { kind: "listen", code } };
  return numberFromInside(dialled, world, outside);
}

/**
 * Where a call back to this number leads; undefined: nowhere. Callers choose the number that they show, so it is never
 * read as a feature code or an emergency number.
 * @param outside whether the user who calls back may call outside
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
