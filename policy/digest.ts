/**
 * A digest of a text: the same for the same text, and another for another. It is pure, for ids that are derived from other
 * ids, and no defence against somebody who looks for two texts with one digest.
 */

const MASK = (1n << 128n) - 1n;
/** The parameters of FNV-1a for 128 bits (draft-eastlake-fnv). */
const FNV_OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const FNV_PRIME = (1n << 88n) + 0x13bn;
/** An odd number near 2^128 divided by the golden ratio. */
const SPREAD = 0x9e3779b97f4a7c15f39cc0605cedc835n;

/** 32 hexadecimal digits. */
export function digest(text: string): string {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = ((hash ^ BigInt(text.charCodeAt(i))) * FNV_PRIME) & MASK;
  // FNV spreads the last characters over few digits only.
  hash = ((hash ^ (hash >> 61n)) * SPREAD) & MASK;
  hash = ((hash ^ (hash >> 67n)) * SPREAD) & MASK;
  return (hash ^ (hash >> 64n)).toString(16).padStart(32, "0");
}
