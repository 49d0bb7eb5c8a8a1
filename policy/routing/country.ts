/**
 * The numbering plan of a country, from the library's metadata: what is dialled before a number of another country, and
 * whether a number is one that the plan has. Old forms that the plans have given up, and people have not, are read here.
 */
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import type { E164 } from "../office/office.js";

/** E.164, section 6.1. */
const DIGITS_MAX = 15;
/** No international prefix, carrier code included, is longer (China's `1xxxx00`, Australia's `14xx0011`). */
const PREFIX_DIGITS_MAX = 8;

/** Whether the numbers of this country can be read. */
export function isCountry(country: string): country is CountryCode {
  return isSupportedCountry(country);
}

/** The country's calling code, `49`; undefined: the country is not known. */
export function callingCodeOf(country: string): string | undefined {
  return isCountry(country) ? getCountryCallingCode(country) : undefined;
}

export function isNanp(country: string): boolean {
  return country === "US" || country === "CA" || callingCodeOf(country) === "1";
}

/** A number that begins with its country code. */
export function readInternational(digits: string): PhoneNumber | undefined {
  return parse(`+${digits}`);
}

/**
 * A number as it is dialled within its country, with the country's own prefix or without.
 * @param digits no plus sign before them
 */
export function readNational(digits: string, country: string): PhoneNumber | undefined {
  if (!isCountry(country)) return undefined;
  // The library would read the country code where it begins a number that is too long; that is not a national form.
  const number = parse(withoutOldPrefix(digits, country), country);
  return number?.countryCallingCode === getCountryCallingCode(country) ? number : undefined;
}

/** A number of the country without any prefix, even if it begins like one: Bulgaria's `00800…`. */
export function readSignificant(digits: string, country: string): PhoneNumber | undefined {
  const number = isCountry(country) ? parse(`+${getCountryCallingCode(country)}${digits}`) : undefined;
  return number?.nationalNumber === digits ? number : undefined;
}

function parse(digits: string, defaultCountry?: CountryCode): PhoneNumber | undefined {
  return parsePhoneNumberFromString(digits, { ...(defaultCountry && { defaultCountry }), extract: false });
}

/**
 * What follows each international prefix with which these digits begin, the longest prefix first: a carrier's code is
 * part of the prefix, so that `001 65…` dialled in Hong Kong calls Singapore, not the United States.
 */
export function behindInternationalPrefix(digits: string, country: string): readonly string[] {
  const prefix = internationalPrefixOf(country);
  if (prefix === undefined) return [];
  const found: string[] = [];
  for (let length = Math.min(PREFIX_DIGITS_MAX, digits.length - 1); length > 0; length -= 1)
    // No country code begins with zero.
    if (prefix.pattern.test(digits.slice(0, length)) && digits[length] !== "0")
      found.push(digits.slice(length));
  return found;
}

/** What a phone in this country dials before a number of another country; `00` where the plan names no single one. */
export function internationalPrefix(country: string): string {
  return internationalPrefixOf(country)?.usual ?? "00";
}

interface InternationalPrefix {
  readonly pattern: RegExp;
  readonly usual: string;
}

const PREFIXES = new Map<string, InternationalPrefix>();

function internationalPrefixOf(country: string): InternationalPrefix | undefined {
  const known = PREFIXES.get(country);
  if (known !== undefined || !isCountry(country)) return known;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const pattern = metadata.numberingPlan?.IDDPrefix();
  if (pattern === undefined) return undefined;
  // `8~10`: the tilde is a pause for the second dial tone.
  const usual = String(metadata.numberingPlan?.defaultIDDPrefix() ?? "").replace(/[^0-9]/g, "");
  const prefix = {
    pattern: new RegExp(`^(?:${pattern})$`),
    usual: usual.length > 1 ? usual : /^[0-9]+$/.test(pattern) ? pattern : "00",
  };
  PREFIXES.set(country, prefix);
  return prefix;
}

/** Whether the plan of its country has this number: not only a possible length, but a range that is in use. */
export function isValidNumber(number: E164): boolean {
  return parse(number)?.isValid() === true;
}

const SHORTEST = new Map<string, number>();

/** How many digits a number of the country has at least, without the country code; 0: the country is not known. */
export function shortestNumber(country: string): number {
  if (!isCountry(country)) return 0;
  const known = SHORTEST.get(country);
  if (known !== undefined) return known;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const shortest = Math.min(...(metadata.numberingPlan?.possibleLengths() ?? [0]));
  SHORTEST.set(country, shortest);
  return shortest;
}

/** How a number is dialled within its own country, digits only; undefined: its country is unknown. */
export function nationalDigits(number: PhoneNumber): string {
  return number.formatNational().replace(/[^0-9]/g, "");
}

/** A number in E.164 with spaces, as people read it: `+1 212 555 0100`; any other text as it is. */
export function spacedNumber(text: string): string {
  return (text.startsWith("+") ? parse(text)?.formatInternational() : undefined) ?? text;
}

/** Until 2019 calls within Mexico began with 01, or with 044 and 045 to mobiles (IFT, plan of 2018). */
function withoutOldPrefix(digits: string, country: string): string {
  return country === "MX" ? digits.replace(/^(?:01|04[45])(?=[1-9][0-9]{9}$)/, "") : digits;
}

/**
 * The number that is meant by digits behind a plus sign. Mexico's mobiles had a 1 behind the country code until 2019
 * (`+52 1 55…`), and carriers still send it.
 */
export function withoutOldForm(digits: string): string {
  return digits.replace(/^521(?=[1-9][0-9]{9}$)/, "52");
}

/**
 * Other numbers in E.164 that carriers write for this one. Argentina's mobiles have a 9 behind the country code, which is
 * left out within the country, where no area code begins with 9.
 */
export function otherForms(number: E164): readonly E164[] {
  // Gabon's numbers got a zero in front in 2019; both forms are dialled with it.
  if (/^\+2410[1-7][0-9]{6}$/.test(number)) return [`+241${number.slice(5)}`];
  const argentine = /^\+54(9?)([1-8][0-9]{9})$/.exec(number);
  if (argentine === null) return [];
  const [, mobile, rest = ""] = argentine;
  return [mobile === "9" ? `+54${rest}` : `+549${rest}`];
}

/** Whether this may be a number in E.164 at all. */
export function isE164(text: string): boolean {
  return text.length <= DIGITS_MAX + 1 && /^\+[1-9][0-9]+$/.test(text);
}
