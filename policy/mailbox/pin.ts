/**
 * Decides which PINs are good enough for a mailbox. An attacker who guesses a PIN hears the messages, and may call out
 * where the office allows it, so the PINs that attackers try first are refused.
 */

import type { RoutingTable } from "../routing/table.js";

export const PIN_DIGITS = { min: 4, max: 10 } as const;

/** Why a PIN is refused. */
export type WeakPin =
  | "not_digits"
  | "length"
  /** The same piece repeated: 7777, 1212, 123123. */
  | "repeated"
  /** Digits in even steps, up or down: 1234, 8765, 2468, 7890. */
  | "sequence"
  /** Part of a number that others know: an extension, one of the office's numbers. */
  | "known"
  /** Among the PINs that people choose most often, years included. */
  | "common";

/**
 * The commonest four-digit PINs that no other rule here refuses ("PIN number analysis", DataGenetics, 2012: the first
 * twenty), and patterns of the keypad.
 */
const COMMON: ReadonlySet<string> = new Set([
  "1004",
  "2000",
  "1122",
  "1313",
  "1478",
  "2001",
  "2580",
  "0852",
  "1236",
  "1379",
  "1397",
  "7931",
  "5683",
  "6969",
  "147258",
  "147258369",
  "159753",
  "258025",
  "852456",
]);

/**
 * Why this PIN is too easy to guess; undefined: it is good enough. @param known numbers of its owner that others know
 */
export function weakPin(pin: string, known: readonly string[]): WeakPin | undefined {
  if (!/^[0-9]*$/.test(pin)) return "not_digits";
  if (pin.length < PIN_DIGITS.min || pin.length > PIN_DIGITS.max) return "length";
  if (/^(.+)\1+$/.test(pin)) return "repeated";
  if (isSequence(pin)) return "sequence";
  if (COMMON.has(pin) || /^(19|20)[0-9]{2}$/.test(pin)) return "common";
  return known.some((number) => isPartOf(pin, number)) ? "known" : undefined;
}

/** Digits in even steps, where 0 follows 9, as in 7890 and 0987. */
function isSequence(pin: string): boolean {
  const step = (i: number) => (Number(pin[i]) - Number(pin[i - 1]) + 10) % 10;
  for (let i = 2; i < pin.length; i++) if (step(i) !== step(1)) return false;
  return true;
}

/** The number holds the PIN, or the PIN is the number with a digit or two around it. */
function isPartOf(pin: string, number: string): boolean {
  const digits = number.replace(/[^0-9]/g, "");
  if (digits.length < 3) return false;
  return digits.includes(pin) || (pin.includes(digits) && pin.length - digits.length <= 2);
}

/** Numbers that others know of a user: no PIN may be part of one. */
export function numbersOf(username: string, office: RoutingTable): string[] {
  const user = office.user(username);
  return [user?.extension, user?.outboundNumber].filter((number) => number !== undefined);
}

const FIRST_LOCK_MS = 30 * 60_000;
const LOCK_MAX_MS = 24 * 3_600_000;

/**
 * How long too many wrong PINs lock a mailbox. Each lock is twice as long as the one before, up to a day: trying all
 * four-digit PINs takes more than five years of locks, each of them in the log.
 * @param before locks since the right PIN was last entered
 */
export function pinLockMs(before: number): number {
  return Math.min(LOCK_MAX_MS, FIRST_LOCK_MS * 2 ** before);
}
