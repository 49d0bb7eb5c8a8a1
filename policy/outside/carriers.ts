/**
 * The ways by which a number is called outside, in the order in which they are tried: the carriers as they stand in the
 * office, and each carrier's proxies as they stand there. A carrier with prefixes takes only numbers that begin with one of
 * them; all others take every number. Emergency numbers and short numbers have no country code: carriers for every number
 * come first there, and the others are tried last.
 */
import { gatewayNames } from "../office/gateways.js";
import type { Carrier } from "../office/office.js";

/** One of a carrier's proxies. */
export interface WayOut {
  readonly carrier: Carrier;
  /** The gateway of that proxy on the switch. */
  readonly gateway: string;
}

/** @param number in E.164, or an emergency or short number as it is dialled */
export function carriersFor(number: string, carriers: readonly Carrier[]): readonly Carrier[] {
  const isForAll = ({ prefixes }: Carrier) => prefixes === undefined;
  if (number.startsWith("+"))
    return carriers.filter(
      ({ prefixes }) => prefixes === undefined || prefixes.some((prefix) => number.startsWith(prefix)),
    );
  return [...carriers.filter(isForAll), ...carriers.filter((carrier) => !isForAll(carrier))];
}

/** The first way to try; undefined: no carrier takes the number. */
export function firstWayOut(number: string, carriers: readonly Carrier[]): WayOut | undefined {
  return waysOut(number, carriers)[0];
}

/** The way to try when that by this gateway has failed; undefined: it was the last. */
export function wayOutAfter(
  gateway: string,
  number: string,
  carriers: readonly Carrier[],
): WayOut | undefined {
  const ways = waysOut(number, carriers);
  const at = ways.findIndex((way) => way.gateway === gateway);
  return at < 0 ? undefined : ways[at + 1];
}

function waysOut(number: string, carriers: readonly Carrier[]): WayOut[] {
  return carriersFor(number, carriers).flatMap((carrier) =>
    gatewayNames(carrier).map((gateway) => ({ carrier, gateway })),
  );
}
