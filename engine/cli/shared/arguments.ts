/** Reads arguments that several commands take, strictly. */
import { InvalidArgumentError, Option } from "commander";
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

/** For an option that may be given several times. */
export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `--clear`, which takes settings away so that their defaults count; it may be given several times. */
export function clearOption(clearable: readonly string[]): Option {
  return new Option("--clear <what>", "take it away (repeat for more)")
    .choices(clearable)
    .argParser((text: string, before: readonly string[] = []) => {
      if (!clearable.includes(text))
        throw new InvalidArgumentError(`Allowed choices are ${clearable.join(", ")}.`);
      return [...before, text];
    });
}

/** Whether any option was given besides those that every change takes. */
export function changesAnything(options: object, besides: readonly string[] = []): boolean {
  const always = ["db", "json", "message", "expect", "dryRun", ...besides];
  return Object.keys(options).some((name) => !always.includes(name));
}

/** A count, or `none`: no limit. */
export function countOrNone(text: string): number | "none" {
  return text === "none" ? text : wholeNumber(text);
}
