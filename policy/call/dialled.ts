/**
 * What was dialled, and what it leads to. An arrival may carry the number called in several places (the request URI,
 * then To; carriers differ); a phone of the office may dial a number for help, a code, an extension, or any number.
 */

import type { NumberForm } from "../office/carrier-settings.js";
import type { User } from "../office/office.js";
import { given } from "../office/optional.js";
import { may } from "../office/permission.js";
import { calledTexts, callerText, carrierOf } from "../routing/carrier-places.js";
import { isValidNumber } from "../routing/country.js";
import { emergencyDialled } from "../routing/emergency.js";
import { parseListenCode } from "../routing/feature-codes.js";
import { parseNumber } from "../routing/number.js";
import { shortNumber } from "../routing/short-numbers.js";
import { dialledText } from "../routing/written.js";
import { cutText } from "./bounds.js";
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
      : {
          ...fromInside(arrival.dialled[0] ?? "", world, callsOutside(arrival, from?.user, world)),
          caller: arrival.callerNumber,
        };
  const caller: Caller = {
    number: from === undefined ? found.caller : (from.user.extension ?? arrival.callerNumber),
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

/** A call from a carrier, and the caller's number as the carrier gives it. */
function fromOutside(arrival: Arrival, world: World): Found & { readonly caller: string } {
  const { settings, carriers } = world.office;
  const { words, callerNumber } = arrival;
  const carrier = carrierOf(words, carriers);
  const texts = calledTexts(arrival.dialled, words, carrier, settings.country).map(cutText);
  const caller = cutText(callerText(callerNumber, words, carrier, settings.country));
  return { ...calledIn(texts, carrier?.sendsNumbers, world), caller };
}

/** The first text that is a number of the office; else, for an office that takes any number, the first that is one. */
function calledIn(texts: readonly string[], form: NumberForm | undefined, { office }: World): Found {
  for (const text of texts) {
    const own = office.ownNumber(text, form);
    if (own === undefined) continue;
    if (own.entry.leadsTo === null) return { called: own.number, source: { kind: "unassigned" } };
    return { called: own.number, source: { kind: "number", number: own.number } };
  }
  const [first = ""] = texts;
  const isTaken = office.anyNumber !== undefined && office.anyNumber.leadsTo !== null;
  if (!isTaken) return { called: first, source: { kind: "unassigned" } };
  const numbers = texts.map((text) => parseNumber(text, office.settings.country, { form }));
  const number = numbers.find((each) => each !== undefined) ?? first;
  return { called: number, source: { kind: "number", number } };
}

/** Whoever was transferred goes where the user may call whose phone dialled for them. A phone without a user may not. */
function callsOutside({ transfer }: Arrival, user: User | undefined, world: World): boolean {
  if (transfer !== undefined) return mayTransferOutside(transferrerNamed(transfer.by, world), world);
  return user !== undefined && may(user, "outside_calls", world.office);
}

/**
 * What a phone of the office dialled: a number for help, which needs no permission; a code, an extension, one of our own
 * numbers, a number outside, or a short number of the country.
 * @param sent as the phone sent it
 * @param outside whether the caller may call outside
 */
export function fromInside(sent: string, world: World, outside: boolean): Found {
  const dialled = dialledText(sent);
  const emergency = emergencyDialled(dialled, world.office.settings);
  if (emergency !== undefined) return { called: emergency, source: { kind: "emergency", number: emergency } };
  const code = parseListenCode(dialled);
  if (code !== undefined) return { called: dialled, source: { kind: "listen", code } };
  const found = numberFromInside(dialled, world, outside);
  if (found.source.kind !== "unassigned") return found;
  const short = shortNumber(dialled, world.office.settings.country);
  if (short === undefined) return { ...found, called: sent };
  if (!outside) return { called: short, source: { kind: "not_permitted" } };
  return { called: short, source: { kind: "dialled", target: { kind: "number", number: short } } };
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
  const own = world.office.ownNumber(dialled);
  if (own !== undefined && own.entry.leadsTo !== null)
    return { called: own.number, source: { kind: "number", number: own.number } };
  const number = parseNumber(dialled, world.office.settings.country);
  // A number that no plan has may still cost something, or reach somebody by chance.
  if (number === undefined || own !== undefined || !isValidNumber(number))
    return { called: dialled, source: { kind: "unassigned" } };
  if (!outside) return { called: number, source: { kind: "not_permitted" } };
  return { called: number, source: { kind: "dialled", target: { kind: "number", number } } };
}
