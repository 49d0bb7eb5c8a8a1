/**
 * Where a carrier writes the numbers of a call. The called number may be in the request URI, or in To while the request
 * URI has the number of the trunk itself; carriers that divert calls put it into further headers. An office says for each
 * carrier which place counts, or leaves it to the rules here.
 */
import type { CalledPlace, CallerPlace } from "../office/carrier-settings.js";
import { carrierOfGateway, hostOfProxy, proxiesOf } from "../office/gateways.js";
import type { Carrier, E164 } from "../office/office.js";
import { parseNumber } from "./number.js";

type Place = CalledPlace | CallerPlace;

/** What a call from a carrier says of itself, as the switch has it. */
export interface CarrierWords {
  /** The gateway that the switch knows the call by. */
  readonly gateway?: string;
  /** The carrier for whose address the switch let the call in. */
  readonly letInAs?: string;
  /** The address it came from. */
  readonly address?: string;
  /** The host of From. */
  readonly domain?: string;
  /** The text at each place, by {@link placeKey}; a place that is missing in the request is missing here. */
  readonly places: Readonly<Record<string, string>>;
}

/** The key of a place in {@link CarrierWords}. Names of headers are compared without regard to case (RFC 3261, 7.3.1). */
export function placeKey(place: Place): string {
  return typeof place === "string" ? place : `header:${place.header.toLowerCase()}`;
}

/** The headers that these carriers write numbers into, in lower case. */
export function headersOf(carriers: readonly Carrier[]): readonly string[] {
  return carriers.flatMap(({ calledNumber, callerNumber }) =>
    [calledNumber, callerNumber].flatMap((place) =>
      typeof place === "object" ? [place.header.toLowerCase()] : [],
    ),
  );
}

/**
 * The carrier that a call came from: by its gateway, by the address for which it was let in, by the address of a proxy, by
 * the host of From; else the office's only carrier. Undefined: it cannot be told, and the numbers are read by the general
 * rules.
 */
export function carrierOf(
  words: CarrierWords | undefined,
  carriers: readonly Carrier[],
): Carrier | undefined {
  const only = carriers.length === 1 ? carriers[0] : undefined;
  if (words === undefined) return only;
  const { gateway, letInAs, address, domain } = words;
  const byHost = (host: string | undefined) => {
    const found =
      host === undefined
        ? []
        : carriers.filter((carrier) =>
            proxiesOf(carrier).some((proxy) => hostOfProxy(proxy) === host.toLowerCase()),
          );
    // Two trunks of one provider: neither is meant more than the other.
    return found.length === 1 ? found[0] : undefined;
  };
  return (
    carrierOfGateway(gateway, carriers) ??
    carriers.find(({ id }) => id === letInAs) ??
    byHost(address) ??
    byHost(domain) ??
    only
  );
}

/**
 * The texts in which the called number may be, in the order to try.
 * @param dialled the request URI and To
 */
export function calledTexts(
  dialled: readonly string[],
  words: CarrierWords | undefined,
  carrier: Carrier | undefined,
  country: string,
): readonly string[] {
  const said = carrier?.calledNumber && textsAt(words, carrier.calledNumber);
  if (said !== undefined && said.length > 0) return said;
  const isTrunk = trunkTest(carrier?.username, country);
  const more = (["p_called_party_id", "history_info", "diversion"] as const).flatMap((place) =>
    textsAt(words, place),
  );
  return [...dialled.filter((text) => !isTrunk(text)), ...more, ...dialled.filter(isTrunk)];
}

/** Whether a text is the trunk's own number: many carriers give it as the user name. */
function trunkTest(username: string | undefined, country: string): (text: string) => boolean {
  if (username === undefined) return () => false;
  const number = parseNumber(username, country);
  return (text) => text === username || (number !== undefined && parseNumber(text, country) === number);
}

/**
 * The caller's number, where the carrier puts it and in E.164 where the office says how the carrier writes numbers.
 * @param usual the number as the switch found it (P-Asserted-Identity, Remote-Party-ID, From)
 */
export function callerText(
  usual: string,
  words: CarrierWords | undefined,
  carrier: Carrier | undefined,
  country: string,
): string {
  const [said] = carrier?.callerNumber === undefined ? [] : textsAt(words, carrier.callerNumber);
  const text = said ?? usual;
  const form = carrier?.sendsNumbers;
  const number: E164 | undefined = form && parseNumber(text, country, { form });
  return number ?? text;
}

/** The addresses at a place: a header may have several, with names and parameters. */
function textsAt(words: CarrierWords | undefined, place: Place): readonly string[] {
  const text = words?.places[placeKey(place)];
  if (text === undefined) return [];
  const bracketed = [...text.matchAll(/<([^<>]*)>/g)].map(([, uri = ""]) => uri);
  return (bracketed.length > 0 ? bracketed : text.split(",")).map(userOf).filter((user) => user !== "");
}

/** The user of an address, without its parameters. */
function userOf(address: string): string {
  return address
    .trim()
    .replace(/^(?:sips?|tel):/i, "")
    .replace(/[@;?].*$/s, "");
}
