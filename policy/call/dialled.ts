/**
 * What was dialled, and what it leads to. An arrival may carry the number called in several places (the request URI,
 * then To; carriers differ); a phone of the office may dial a number for help, a code, an extension, or any number.
 */

import type { NumberForm, Srtp } from "../office/carrier-settings.js";
import { given } from "../office/optional.js";
import { limitReached, type Payer, userPays, whyNotOutside } from "../outside/payer.js";
import { calledTexts, callerText, carrierOf } from "../routing/carrier-places.js";
import { isValidNumber } from "../routing/country.js";
import { emergencyDialled } from "../routing/emergency.js";
import { parseListenCode } from "../routing/feature-codes.js";
import { parseNumber } from "../routing/number.js";
import { parseDisplayCode } from "../routing/number-display.js";
import { shortNumber } from "../routing/short-numbers.js";
import { dialledText } from "../routing/written.js";
import { cutText } from "./bounds.js";
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
      : {
          ...fromInside(code?.rest ?? arrival.dialled[0] ?? "", world, {
            payer: payerOfArrival(arrival, from?.user.username, world),
            isTransferred: arrival.transfer !== undefined,
          }),
          caller: arrival.callerNumber,
        };
  const caller: Caller = {
    ...(from === undefined
      ? presentedOutside({ ...arrival, callerNumber: found.caller }, world)
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
  return {
    caller,
    source: isTooPlain(arrival, from?.device.srtp, world)
      ? refusedPlain(arrival, found.source)
      : found.source,
  };
}

/**
 * Whether the call offers no encryption and its phone or carrier requires it. A caller can name a gateway (`gw`, in the
 * request URI), so the carriers at its address count as well; of several that share the address, all must require it.
 */
function isTooPlain(
  { offersSrtp, origin, words }: Arrival,
  ofPhone: Srtp | undefined,
  { office: { carriers } }: World,
): boolean {
  if (offersSrtp === true) return false;
  if (origin.kind !== "carrier") return ofPhone === "required";
  if (carrierOf(words, carriers)?.srtp === "required") return true;
  const names = words?.letInAs?.split("+") ?? [];
  const there = carriers.filter(({ id }) => names.includes(id));
  return there.length > 0 && there.every(({ srtp }) => srtp === "required");
}

/** A call for help goes through all the same, and so does a party who is in a call already. */
function refusedPlain({ transfer }: Arrival, source: FlowSource): FlowSource {
  if (source.kind === "emergency" || transfer !== undefined) return source;
  return { kind: "not_permitted", why: "unencrypted" };
}

function sipNameOf({ origin }: Arrival): string {
  return origin.kind === "phone" ? origin.sipName : "";
}

/** What of the world decides where a person is taken who dials. */
type Read = Pick<World, "office" | "outside">;

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
 * numbers, a number outside, or a short number of the country.
 * @param sent as the phone sent it
 */
export function fromInside(sent: string, world: Read, { payer, isTransferred }: Dialling): Found {
  const dialled = dialledText(sent);
  const emergency = emergencyDialled(dialled, world.office.settings);
  if (emergency !== undefined) return { called: emergency, source: { kind: "emergency", number: emergency } };
  const code = parseListenCode(dialled);
  if (code !== undefined && isTransferred)
    return { called: dialled, source: { kind: "not_permitted", why: "mailbox" } };
  if (code !== undefined) return { called: dialled, source: { kind: "listen", code } };
  const found = numberFromInside(dialled, world, payer);
  if (found.source.kind !== "unassigned") return found;
  const short = shortNumber(dialled, world.office.settings.country);
  if (short === undefined) return { ...found, called: sent };
  return outside(short, world, payer);
}

/**
 * Where a call back to this number leads, maybe to a refusal. Callers choose the number that they show, so it is never read
 * as a feature code or an emergency number.
 * @param payer the user who calls back; null: they may not call outside
 */
export function callBackSource(number: string, world: World, payer: Payer | null): Found {
  return numberFromInside(number, world, payer);
}

function numberFromInside(dialled: string, world: Read, payer: Payer | null): Found {
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
  return outside(number, world, payer);
}

/** A number outside that the payer may call, or why not. */
function outside(number: string, world: Read, payer: Payer | null): Found {
  const why = whyNotOutside(number, payer, true, world.office);
  if (payer === null || why !== null)
    return { called: number, source: { kind: "not_permitted", ...given({ why: why ?? undefined }) } };
  const limit = limitReached(payer, world.office, world.outside);
  if (limit !== null) return { called: number, source: { kind: "not_permitted", why: limit } };
  return { called: number, source: { kind: "dialled", target: { kind: "number", number }, payer } };
}
