/**
 * Arguments that more than one command takes, read strictly.
 */
import { InvalidArgumentError } from "commander";
import { isSipDomain } from "../../switch/safe-text.js";

/** The switch's domain where nobody said otherwise: the same variable and default as in docker/freeswitch/vars.xml. */
export const DOMAIN_DEFAULT = process.env["RINGLINE_DOMAIN"] || "ringline";

/** @throws InvalidArgumentError for what cannot be a domain */
export function sipDomain(text: string): string {
  if (!isSipDomain(text)) throw new InvalidArgumentError("expected letters, digits, dots and dashes.");
  return text;
}

/** A revision or a count: digits only, nothing guessed. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError("Not a whole number.");
  }
  return number;
}
