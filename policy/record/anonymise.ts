/**
 * Takes the people outside the office out of a story: the caller's number and name, and the number outside that a user
 * called. What happened stays, with the office's own numbers and phones. The SIP Call-ID goes, too, as it leads to what a
 * capture of the network kept about the call.
 */
import type { Direction, Happening, WhatOf } from "./happening.js";

/** A shorter number may be an extension or an emergency number, and says nothing about a person. */
const DIGITS_MIN = 7;
/** Of so many digits at their ends two numbers are the same one, written differently. */
const DIGITS_SAME = 7;

export function anonymised(happenings: readonly Happening[]): Happening[] {
  const began = happenings.find(isBegan)?.what;
  const numbers = began === undefined ? [] : numbersOutside(began);
  const name = began?.direction === "in" ? began.name : "";
  return happenings.map((happening) => ({
    ...happening,
    what: withoutNumbers(withoutCaller(happening.what, name), numbers, began?.direction ?? "in"),
  }));
}

function isBegan(happening: Happening): happening is Happening & { readonly what: WhatOf<"began"> } {
  return happening.what.kind === "began";
}

/** The digits of numbers that are not the office's. */
function numbersOutside({ direction, from, called }: WhatOf<"began">): string[] {
  const outside = direction === "in" ? [from] : direction === "out" ? [called] : [];
  return outside
    .map((number) => number.replaceAll(/\D/g, ""))
    .filter((digits) => digits.length >= DIGITS_MIN);
}

/** Fields in which a caller's name may stand among other words. */
const FREE_TEXTS: ReadonlySet<string> = new Set(["text", "outcome", "why"]);

function withoutCaller(what: Happening["what"], name: string): Happening["what"] {
  if (what.kind === "leg_ended") return { ...what, sipCallId: null };
  if (what.kind === "began") {
    const caller = what.direction === "in" ? { from: "", name: "" } : {};
    return { ...what, ...caller, sipCallId: null };
  }
  if (name.length < 3) return what;
  return mapTexts(what, (text, field) => (FREE_TEXTS.has(field) ? text.replaceAll(name, "…") : text));
}

/** Fields that name things of the office. When it calls itself, the caller's number is one of its own. */
const NAMES: ReadonlySet<string> = new Set(["names", "source", "box", "device", "group"]);

function withoutNumbers(
  what: Happening["what"],
  numbers: readonly string[],
  direction: Direction,
): Happening["what"] {
  if (numbers.length === 0) return what;
  const isOffice = (field: string) =>
    field === "leg" || (direction === "in" && (NAMES.has(field) || field === "called"));
  return mapTexts(what, (text, field) =>
    isOffice(field)
      ? text
      : text.replaceAll(/\+?\d[\d\s().-]{5,}\d/g, (found) => (isAmong(numbers, found) ? "" : found)),
  );
}

function isAmong(numbers: readonly string[], found: string): boolean {
  const digits = found.replaceAll(/\D/g, "");
  if (digits.length < DIGITS_MIN) return false;
  return numbers.some(
    (number) =>
      number.endsWith(digits) || (digits.endsWith(number.slice(-DIGITS_SAME)) && sameEnd(number, digits)),
  );
}

/** Whether the shorter of two numbers is the end of the other, but for a prefix that is dialled before it. */
function sameEnd(a: string, b: string): boolean {
  let same = 0;
  while (same < Math.min(a.length, b.length) && a.at(-1 - same) === b.at(-1 - same)) same += 1;
  return same >= Math.min(a.length, b.length) - 2 && same >= DIGITS_SAME;
}

/** A happening with each of its texts changed, also those in lists and objects. */
function mapTexts<T>(value: T, change: (text: string, field: string) => string, field = ""): T {
  if (typeof value === "string") return change(value, field) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => mapTexts(one, change, field)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapTexts(one as unknown, change, key)]),
  ) as T;
}
