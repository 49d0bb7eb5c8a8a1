/** Writes numbers in the forms that carriers want. */
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { NumberForm } from "../office/carrier-settings.js";
import type { E164 } from "../office/office.js";
import { callingCodeOf, internationalPrefix, nationalDigits } from "./country.js";

/**
 * A number as a carrier wants it. What is no number in E.164 (an emergency number, a short number, a name) stays as it is.
 * @param country the office's, in which the carrier is dialled
 */
export function inForm(number: E164, form: NumberForm, country: string): string {
  if (!/^\+[1-9][0-9]{4,14}$/.test(number)) return number;
  const digits = number.slice(1);
  switch (form) {
    case "e164":
      return number;
    case "e164_without_plus":
      return digits;
    case "00":
      return `00${digits}`;
    case "national":
      return isOfCountry(digits, country) ? within(number) : `${internationalPrefix(country)}${digits}`;
  }
}

function isOfCountry(digits: string, country: string): boolean {
  const code = callingCodeOf(country);
  return code !== undefined && digits.startsWith(code);
}

function within(number: E164): string {
  const parsed = parsePhoneNumberFromString(number, { extract: false });
  return parsed === undefined ? number.slice(1) : nationalDigits(parsed);
}
