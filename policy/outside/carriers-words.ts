/** The order of carriers in words, for people who check an office or ask what a call would do. */
import type { Carrier } from "../office/office.js";

/** `main, then backup (+44, +49)`: with the prefixes of those that take only some numbers. */
export function orderInWords(carriers: readonly Carrier[]): string {
  return carriers
    .map(({ id, prefixes }) => (prefixes === undefined ? id : `${id} (${prefixes.join(", ")})`))
    .join(", then ");
}

/** `main, then backup`: those that take one number. */
export function idsInWords(carriers: readonly Carrier[]): string {
  return carriers.length === 0 ? "none" : carriers.map(({ id }) => id).join(", then ");
}
