/** Reads what a file's `number` may say: a number, a block of numbers, or the word for any number. */
import { ANY_NUMBER, blockKey } from "./blocks.js";
import { isE164 } from "./country.js";
import { parseNumber } from "./number.js";
import { digitsOf } from "./written.js";

/** The two dots of a block; word processors make one character of three dots. */
const DOTS = /\s*(?:\.{2,3}|\u2026|\u2025)\s*/u;
/** A block of more numbers is a mistake: no office has a hundred million numbers. */
const TAIL_DIGITS_MAX = 8;

/** The key of the entry (`blocks.ts`); undefined: the text is no number and no block. */
export function parseNumberKey(text: string, country: string): string | undefined {
  if (text === ANY_NUMBER) return ANY_NUMBER;
  const [low = "", high, ...more] = text.trim().split(DOTS);
  if (high === undefined) return parseNumber(text, country);
  return more.length > 0 ? undefined : parseBlock(low, high, country);
}

/** @param high the last digits of the last number, as many as differ, or the whole number */
function parseBlock(low: string, high: string, country: string): string | undefined {
  const first = parseNumber(low, country);
  const tail = digitsOf(high);
  if (first === undefined || tail === undefined) return undefined;
  const asTail = isTail(tail, low) ? first.slice(0, -tail.length) + tail : "";
  const last = [asTail, parseNumber(high, country) ?? ""].find(
    (each) => each.length === first.length && isE164(each) && each > first,
  );
  const key = last === undefined ? undefined : blockKey(first, last);
  return key === undefined || key.length - key.lastIndexOf(".") - 1 > TAIL_DIGITS_MAX ? undefined : key;
}

/** A text as long as the whole first number is a whole number too. */
function isTail(tail: string, low: string): boolean {
  return !tail.startsWith("+") && tail.length < (digitsOf(low) ?? "").replace("+", "").length;
}
