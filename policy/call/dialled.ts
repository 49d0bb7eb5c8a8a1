/**
 * What was dialled, and what it leads to. An arrival may carry the number called in several places (the request URI,
 * then To; carriers differ); a phone of the office may dial a number for help, a code, an extension, or any number.
 */

import { given } from "../office/optional.js";
import { limitReached, type Payer, userPays, whyNotOutside } from "../outside/payer.js";
import { emergencyDialled } from "../routing/emergency.js";
import { parseListenCode } from "../routing/feature-codes.js";
import { parseNumber } from "../routing/number.js";
import { parseDisplayCode } from "../routing/number-display.js";
import type { Arrival } from "./input.js";
import { hidesNumber, presentedInside, presentedOutside } from "./presentation.js";
import type { Caller, FlowSource } from "./state.js";
import { payerOfTransfer, transferrerNamed } from "./transferrer.js";
import type { World } from "./world.js";

/** The caller of a call that has just arrived, and where the call is to go. */
export function resolveArrival(
  arrival: Arrival,
  world: World,
): { readonly caller: Caller; readonly source: FlowSource } {
  const from = arrival.origin.kind === "phone" ? world.office.deviceBySip(arrival.origin.sipName) : undefined;
  const { country } = world.office.settings;
  const isOwnCall = arrival.origin.kind === "phone" && arrival.transfer === undefined;
  const code = isOwnCall ? parseDisplayCode(arrival.dialled[0] ?? "", country) : undefined;
  const found =
    arrival.origin.kind === "carrier"
      ? fromOutside(arrival, world)
      : fromInside(code?.rest ?? arrival.dialled[0] ?? "", world, {
          payer: payerOfArrival(arrival, from?.user.username, world),
          isTransferred: arrival.transfer !== undefined,
        });
  const caller: Caller = {
    ...(from === undefined
      ? presentedOutside(arrival, world)
      : {
          number: from.user.extension ?? presentedInside(arrival, sipNameOf(arrival), world),
          name: from.user.name,
          ...hidesNumber(arrival, from.user.username, code?.hides, world),
        }),
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

function sipNameOf({ origin }: Arrival): string {
  return origin.kind === "phone" ? origin.sipName : "";
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
function payerOfArrival({ transfer }: Arrival, username: string | undefined, world: World): Payer | null {
  if (transfer !== undefined) return payerOfTransfer(transferrerNamed(transfer.by, world));
  return username === undefined ? null : userPays(username);
}

/** Who dials for a caller from inside, or for one whom a phone has transferred. */
export interface Dialling {
  /** Who pays for a call outside; null: nobody, so that there is none. */
  readonly payer: Payer | null;
  /**
   * A phone has dialled for the other party. That party must not get at mailboxes: those of the phone's owner would take
   * them for the owner.
   */
  readonly isTransferred: boolean;
}

/**
 * What a phone of the office dialled: a number for help, which needs no permission; a code, an extension, one of our own
 * numbers, or a number outside.
 */
export function fromInside(dialled: string, world: World, { payer, isTransferred }: Dialling): Found {
  const emergency = emergencyDialled(dialled, world.office.settings);
  if (emergency !== undefined) return { called: emergency, source: { kind: "emergency", number: emergency } };
  const code = parseListenCode(dialled);
  if (code !== undefined && isTransferred)
    return { called: dialled, source: { kind: "not_permitted", why: "mailbox" } };
  if (code !== undefined) return { called: dialled, source: { kind: "listen", code } };
  return numberFromInside(dialled, world, payer);
}

/**
 * Where a call back to this number leads, maybe to a refusal. Callers choose the number that they show, so it is never read
 * as a feature code or an emergency number.
 * @param payer the user who calls back; null: they may not call outside
 */
export function callBackSource(number: string, world: World, payer: Payer | null): Found {
  return numberFromInside(number, world, payer);
}

function numberFromInside(dialled: string, world: World, payer: Payer | null): Found {
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
  const why = whyNotOutside(number, payer, true, world.office);
  if (payer === null || why !== null)
    return { called: number, source: { kind: "not_permitted", ...given({ why: why ?? undefined }) } };
  const limit = limitReached(payer, world.office, world.outside);
  if (limit !== null) return { called: number, source: { kind: "not_permitted", why: limit } };
  return { called: number, source: { kind: "dialled", target: { kind: "number", number }, payer } };
}
