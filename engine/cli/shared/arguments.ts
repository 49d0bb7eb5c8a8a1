/** Reads arguments that several commands take, strictly. */
import { InvalidArgumentError } from "commander";
import { isSipDomain } from "../../switch/safe-text.js";

/** The switch's domain by default: the same variable and value as in docker/freeswitch/vars.xml. */
export const DOMAIN_DEFAULT = process.env["RINGLINE_DOMAIN"] || "ringline";

/** @throws InvalidArgumentError for a text that cannot be a domain */
export function sipDomain(text: string): string {
  if (!isSipDomain(text)) throw new InvalidArgumentError("expected letters, digits, dots and dashes.");
  return text;
}

/** A revision or a count: digits only. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError("Not a whole number.");
  }
  return number;
}
