/**
 * Whether a number may be called at all. By default only the office's own country and toll-free numbers: fraud goes to
 * premium numbers, to satellites, and to countries in which the office knows nobody. Also a country that has the office's
 * own calling code is another country (+1 876 is Jamaica). A number that the numbering plans do not know is refused,
 * since carriers put such numbers through in their own ways. Short numbers are in no place; the premium ones are named one
 * by one.
 */
import { type NumberType, type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { E164 } from "../office/office.js";
import { type EmergencySays, emergencyNumbers } from "../routing/emergency.js";
import { isPremiumShortNumber } from "../routing/short-numbers.js";
import type { OutsidePlaces } from "./settings.js";

/** Why a number may not be called. */
export type PlaceRefusal = "place" | "premium";

/**
 * @param country the office's own, ISO 3166 alpha-2
 * @param named what the office and the payer name besides
 * @returns null: the number may be called
 */
export function placeRefusal(
  number: E164,
  country: string,
  named: readonly (OutsidePlaces | undefined)[],
): PlaceRefusal | null {
  if (named.some((places) => places?.prefixes?.some((prefix) => number.startsWith(prefix)))) return null;
  const known = parsePhoneNumberFromString(number, { extract: false });
  if (known === undefined || !known.isValid()) return "place";
  const type = known.getType();
  if (isCostly(known, type)) return "premium";
  if (type === "TOLL_FREE" && known.country === undefined) return null;
  const isNamed = (where: string) =>
    where === country || named.some((places) => places?.countries?.includes(where));
  return known.country !== undefined && isNamed(known.country) ? null : "place";
}

/**
 * Whether a short number of the office's country may be called: it is no premium number, it is dialled for help, or it is
 * named.
 * @param number as it is dialled
 */
export function shortNumberRefusal(
  number: string,
  office: EmergencySays,
  named: readonly (OutsidePlaces | undefined)[],
): PlaceRefusal | null {
  if (!isPremiumShortNumber(number, office.country) || emergencyNumbers(office).includes(number)) return null;
  return named.some((places) => places?.shortNumbers?.includes(number)) ? null : "premium";
}

/** Personal numbers forward to anywhere at the caller's cost (+44 70). */
const COSTLY_TYPES: ReadonlySet<string | undefined> = new Set(["PREMIUM_RATE", "PERSONAL_NUMBER", "PAGER"]);

/** Satellites and international networks have calling codes of their own (870, 881, 882, ...); 800 is toll-free. */
function isCostly(number: PhoneNumber, type: NumberType): boolean {
  if (COSTLY_TYPES.has(type)) return true;
  return number.isNonGeographic() && type !== "TOLL_FREE";
}
