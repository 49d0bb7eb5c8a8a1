/**
 * Which carriers a number goes through, in the order in which they are tried: that of the office. A carrier with prefixes
 * takes only numbers that begin with one of them; all others take every number. Emergency numbers and short numbers have
 * no country code: carriers for every number come first there, and the others are tried last.
 */
import type { Carrier } from "../office/office.js";

/** @param number in E.164, or an emergency or short number as it is dialled */
export function carriersFor(number: string, carriers: readonly Carrier[]): readonly Carrier[] {
  const isForAll = ({ prefixes }: Carrier) => prefixes === undefined;
  if (number.startsWith("+"))
    return carriers.filter(
      ({ prefixes }) => prefixes === undefined || prefixes.some((prefix) => number.startsWith(prefix)),
    );
  return [...carriers.filter(isForAll), ...carriers.filter((carrier) => !isForAll(carrier))];
}

/** The carrier to try when this one has failed; undefined: it was the last. */
export function carrierAfter(
  failed: string,
  number: string,
  carriers: readonly Carrier[],
): Carrier | undefined {
  const order = carriersFor(number, carriers);
  const at = order.findIndex(({ id }) => id === failed);
  return at < 0 ? undefined : order[at + 1];
}
