/**
 * Arguments that more than one command takes, read strictly.
 */
import { InvalidArgumentError } from "commander";

/** A revision or a count: digits only, nothing guessed. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError("Not a whole number.");
  }
  return number;
}
