/**
 * Numbers: E.164 inside, and every form that people and carriers write outside.
 * Office files, request URIs and headers are read by the same rules, so that a number written two ways is the same
 * number everywhere. Digits without a plus sign may mean several numbers; each reading is tried in this order:
 * 1. behind an international prefix of the country, carrier codes included, a number with its country code;
 * 2. as it is dialled within the country;
 * 3. as E.164 digits whose plus sign was left out. A number of the own country is read so before 2 where the country
 *    dials a prefix within (Germany's 0) and the digits lack it;
 * 4. behind `00`, or in the North American plan `011`, wherever the office is.
 * A reading that is a number of the office wins, then one that the numbering plans have, then the order. What a carrier is
 * said to write comes first.
 * The E.164 and North American forms, nearly all of what arrives, never reach the general library.
 */
import type { PhoneNumber } from "libphonenumber-js/max";
import type { NumberForm } from "../office/carrier-settings.js";
import type { E164 } from "../office/office.js";
import {
  behindInternationalPrefix,
  callingCodeOf,
  isE164,
  isNanp,
  nationalDigits,
  otherForms,
  readInternational,
  readNational,
  readSignificant,
  withoutOldForm,
} from "./country.js";
import { digitsOf } from "./written.js";

/** A North American number with its country code; area code and exchange never begin with 0 or 1. */
const NANP_E164 = /^\+1[2-9]\d{2}[2-9]\d{6}$/;
const NANP_NATIONAL = /^1?([2-9]\d{2}[2-9]\d{6})$/;

export interface ReadingOptions {
  /** Whether a number is one of the office's own. */
  readonly owns?: (number: E164) => boolean;
  /** How the carrier writes numbers; left out: not known. */
  readonly form?: NumberForm | undefined;
}

/** One number that a text may mean. */
interface Reading {
  readonly number: E164;
  /** The numbering plan of its country has the number. */
  readonly isValid: boolean;
  /** The text says the country: an invalid number is then read all the same, for plans grow faster than any table. */
  readonly hasCountry: boolean;
}

/**
 * Reads a number however it is written.
 * @param text from a file, a request URI or a header; URIs may have parameters and a host
 * @param country ISO 3166 alpha-2, by which numbers without a country code are read
 * @returns the number in E.164 with its plus sign, or undefined when the text is no possible public number
 */
export function parseNumber(text: string, country: string, options: ReadingOptions = {}): E164 | undefined {
  if (NANP_E164.test(text)) return text;
  const digits = digitsOf(text);
  if (digits === undefined) return undefined;
  if (NANP_E164.test(digits)) return digits;
  const usual = usualNanp(digits, country, options) ?? plainlyOwned(digits, country, options);
  if (usual !== undefined) return usual;
  const readings = readingsOf(digits, country, options.form);
  const { owns } = options;
  const owned = owns && readings.find(({ number }) => owns(number));
  const best =
    owned ?? readings.find(({ isValid }) => isValid) ?? readings.find(({ hasCountry }) => hasCountry);
  return best?.number;
}

/**
 * The numbers that a text may as well mean, the one that {@link parseNumber} returns first; fewer than two: it is plain
 * what is meant.
 */
export function validReadings(text: string, country: string): readonly E164[] {
  const digits = digitsOf(text);
  if (digits === undefined || digits.startsWith("+")) return [];
  const code = callingCodeOf(country) ?? "";
  const valid = readingsOf(digits, country).filter(
    // That a number of this country is one of another, without its plus sign, is nearly always chance.
    ({ number, isValid }) => isValid && number.startsWith(`+${code}`),
  );
  return [...new Set(valid.map(({ number }) => number))];
}

/** North American digits are read without the library, unless another reading of them is a number of the office. */
function usualNanp(digits: string, country: string, { owns, form }: ReadingOptions): E164 | undefined {
  if (form !== undefined || !isNanp(country)) return undefined;
  const national = NANP_NATIONAL.exec(digits)?.[1];
  if (national === undefined) return undefined;
  const number: E164 = `+1${national}`;
  if (owns === undefined || owns(number)) return number;
  const other = `+${digits}`;
  return owns(other) ? other : number;
}

/** The one number of the office that digits plainly mean, found without the library: this begins nearly every call. */
function plainlyOwned(digits: string, country: string, { owns }: ReadingOptions): E164 | undefined {
  const code = callingCodeOf(country);
  if (owns === undefined || code === undefined || digits.startsWith("+")) return undefined;
  const behindZero = digits.startsWith("0") ? [`+${code}${digits.slice(1)}`] : [];
  const behindZeros = digits.startsWith("00") ? [`+${digits.slice(2)}`] : [];
  const owned = [`+${digits}`, `+${code}${digits}`, ...behindZero, ...behindZeros].filter(owns);
  return owned.length === 1 ? owned[0] : undefined;
}

function readingsOf(digits: string, country: string, form?: NumberForm): readonly Reading[] {
  if (digits.startsWith("+")) return withOtherForms(international(digits.slice(1)));
  const behindPrefix = behindInternationalPrefix(digits, country).flatMap(international);
  const elsewhere = prefixElsewhere(digits, country).flatMap(international);
  const within = withinCountry(digits, country, form);
  const readings =
    form === "00" ? [...elsewhere, ...behindPrefix, ...within] : [...behindPrefix, ...within, ...elsewhere];
  return withOtherForms(readings);
}

/** As it is dialled within the country, and as E.164 without its plus sign. */
function withinCountry(digits: string, country: string, form: NumberForm | undefined): readonly Reading[] {
  const dialled = readNational(digits, country);
  const national = [dialled, readSignificant(digits, country)].flatMap((number) =>
    number?.isPossible() ? readingOf(number, false) : [],
  );
  // No country code begins with zero.
  const bare = digits.startsWith("0") ? [] : withoutPlus(digits);
  if (form === "national" || form === "00" || bare.length === 0) return [...national, ...bare];
  if (form !== undefined) return [...bare, ...national];
  const isOwn = bare.some(({ number }) => number.startsWith(`+${callingCodeOf(country)}`));
  return isOwn && !isWrittenNationally(digits, dialled) ? [...bare, ...national] : [...national, ...bare];
}

function international(digits: string): readonly Reading[] {
  const number = readInternational(withoutOldForm(digits));
  return number?.isPossible() ? readingOf(number, true) : [];
}

function withoutPlus(digits: string): readonly Reading[] {
  return international(digits).map((each) => ({ ...each, hasCountry: false }));
}

/** The library knows a few numbers that are longer than E.164 allows; they cannot be called from another country. */
function readingOf(number: PhoneNumber, hasCountry: boolean): readonly Reading[] {
  return isE164(number.number) ? [{ number: number.number, isValid: number.isValid(), hasCountry }] : [];
}

/** Whether these digits are all that is dialled within the country: none of its prefixes is missing. */
function isWrittenNationally(digits: string, number: PhoneNumber | undefined): boolean {
  return number?.isValid() === true && nationalDigits(number) === digits;
}

/** Carriers and people write these prefixes in countries that have others. */
function prefixElsewhere(digits: string, country: string): readonly string[] {
  if (digits.startsWith("00")) return [digits.slice(2)];
  return isNanp(country) && digits.startsWith("011") ? [digits.slice(3)] : [];
}

/** The other forms of a number come last: only an office that owns the number means them. */
function withOtherForms(readings: readonly Reading[]): readonly Reading[] {
  const others = readings.flatMap(({ number }) =>
    otherForms(number).map((other): Reading => ({ number: other, isValid: false, hasCountry: false })),
  );
  return others.length === 0 ? readings : [...readings, ...others];
}
