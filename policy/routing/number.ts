/**
 * Numbers: E.164 inside, and every form that people and carriers write outside.
 * Office files, request URIs and To headers are read by the same rules, so that a number written two ways is the same
 * number everywhere. The rules, in this order:
 * 1. a `sip:`, `sips:` or `tel:` URI, with or without angle brackets, is cut down to its user part, without parameters
 *    (RFC 3966 section 3, RFC 3261 section 19.1.1);
 * 2. spaces, dashes, dots, slashes and parentheses are visual separators (RFC 3966 section 5.1.1);
 * 3. `+`, `00`, and in the North American plan `011`, announce a country code;
 * 4. any other text is read as it is dialled in the given country, and if that gives no number of that country, as
 *    E.164 digits whose plus sign a carrier left out.
 * The E.164 and North American forms, nearly all of what arrives, never reach the general library.
 */
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import type { E164 } from "../office/office.js";

/** A longer text is no number: 15 digits (E.164), separators, a URI scheme and some parameters fit. */
const NUMBER_TEXT_MAX_CHARS = 128;

/** A North American number with its country code; area code and exchange never begin with 0 or 1. */
const NANP_E164 = /^\+1[2-9]\d{2}[2-9]\d{6}$/;
const NANP_NATIONAL = /^1?([2-9]\d{2}[2-9]\d{6})$/;
/** The characters of a number after a URI was cut down: digits, one leading plus, separators. */
const WRITTEN = /^[ \u00a0]*\(?\+?[-0-9 ().\u00a0/]*$/;
const SEPARATORS = /[-().\u00a0 /]/g;
const URI_SCHEME = /^(?:sips?|tel):/i;

/**
 * Reads a number however it is written.
 * @param text from a file, a request URI or a header; URIs may have parameters and a host
 * @param country ISO 3166 alpha-2, by which numbers without a country code are read
 * @returns the number in E.164 with its plus sign, or undefined when the text is no possible public number
 */
export function parseNumber(text: string, country: string): E164 | undefined {
  if (text.length > NUMBER_TEXT_MAX_CHARS) return undefined;
  if (NANP_E164.test(text)) return text;
  const written = userPart(text);
  if (written === undefined || !WRITTEN.test(written)) return undefined;
  const digits = written.replace(SEPARATORS, "");
  return parseDigits(digits, country);
}

/** Whether the numbers of this country can be read. */
export function isCountry(country: string): boolean {
  return isSupportedCountry(country);
}

/** Cuts a URI down to what was dialled; other text is returned unchanged. */
function userPart(text: string): string | undefined {
  let rest = text.trim();
  if (rest.startsWith("<")) rest = rest.slice(1, rest.endsWith(">") ? -1 : undefined);
  const scheme = URI_SCHEME.exec(rest);
  const isUri = scheme !== null || rest.includes("@");
  if (scheme !== null) rest = rest.slice(scheme[0].length);
  const host = rest.indexOf("@");
  if (host >= 0) rest = rest.slice(0, host);
  const parameters = rest.indexOf(";");
  const context = parameters >= 0 ? phoneContext(rest.slice(parameters)) : undefined;
  if (parameters >= 0) rest = rest.slice(0, parameters);
  if (isUri && rest.includes("%")) {
    const decoded = decodePercents(rest);
    if (decoded === undefined) return undefined;
    rest = decoded;
  }
  return context !== undefined && !rest.startsWith("+") ? context + rest : rest;
}

/** RFC 3966 section 5.1.4: the context of a local number may be the leading digits it lacks. */
function phoneContext(parameters: string): string | undefined {
  return /;phone-context=(\+[-0-9.()]+)(?:;|$)/i.exec(parameters)?.[1];
}

function decodePercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parseDigits(digits: string, country: string): E164 | undefined {
  if (NANP_E164.test(digits)) return digits;
  const nanp = isNanp(country);
  if (nanp) {
    const national = NANP_NATIONAL.exec(digits)?.[1];
    if (national !== undefined) return `+1${national}`;
  }
  if (digits.startsWith("+")) return possible(digits, country);
  if (digits.startsWith("00")) return possible(`+${digits.slice(2)}`, country);
  if (nanp && digits.startsWith("011")) return possible(`+${digits.slice(3)}`, country);
  const national = read(digits, country);
  if (national?.isValid()) return national.number;
  const bare = read(`+${digits}`, country);
  return bare?.isValid() ? bare.number : undefined;
}

/**
 * A number with a country code need only be possible, not valid: numbering plans grow faster than any table of them.
 */
function possible(digits: string, country: string): E164 | undefined {
  if (NANP_E164.test(digits)) return digits;
  const number = read(digits, country);
  return number?.isPossible() ? number.number : undefined;
}

function read(digits: string, country: string): PhoneNumber | undefined {
  const options = isSupportedCountry(country)
    ? { defaultCountry: country as CountryCode, extract: false }
    : { extract: false };
  return parsePhoneNumberFromString(digits, options);
}

function isNanp(country: string): boolean {
  return (
    country === "US" ||
    country === "CA" ||
    (isSupportedCountry(country) && getCountryCallingCode(country) === "1")
  );
}
