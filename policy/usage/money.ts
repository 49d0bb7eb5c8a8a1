/**
 * Amounts of money are whole numbers of millionths of a currency's unit, as `bigint`, and never floating point: sums of
 * a hundred thousand calls are exact. They are rounded once, when they are printed.
 */

/** Millionths of a dollar, a euro, a yen. */
export type Micros = bigint;

const MICRO_DIGITS = 6;
const UNIT: Micros = 1_000_000n;

/** A price as a file writes it: up to nine digits, and up to six behind the point. */
export const PRICE_PATTERN = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;

/** @param price a text that {@link PRICE_PATTERN} accepts */
export function microsOf(price: string): Micros {
  const [whole = "0", fraction = ""] = price.split(".");
  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(MICRO_DIGITS, "0"));
}

/** Without zeros that say nothing: `0.10` and `0.1` are one price. */
export function plainPrice(price: string): string {
  return exactAmount(microsOf(price));
}

/** All that an amount has behind the point: `0.012`. */
export function exactAmount(micros: Micros): string {
  const fraction = String(micros % UNIT)
    .padStart(MICRO_DIGITS, "0")
    .replace(/0+$/, "");
  return fraction === "" ? String(micros / UNIT) : `${micros / UNIT}.${fraction}`;
}

/** An amount with the decimals of its currency, rounded half up: `12.35`; of yen `12`. No amount is below zero. */
export function amountText(micros: Micros, currency: string): string {
  const digits = Math.min(decimalsOf(currency), MICRO_DIGITS);
  const step = 10n ** BigInt(MICRO_DIGITS - digits);
  const rounded = (micros + step / 2n) / step;
  if (digits === 0) return String(rounded);
  const text = String(rounded).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** How many digits a currency has behind the point (ISO 4217): 2 of dollars, 0 of yen, 3 of Kuwaiti dinars. */
function decimalsOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/** Whether there is such a currency, by its three letters. */
export function isCurrency(code: string): boolean {
  return currencies().includes(code);
}

export function currencies(): readonly string[] {
  return Intl.supportedValuesOf("currency");
}
