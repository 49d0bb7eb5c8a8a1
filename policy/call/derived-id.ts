/**
 * The channel uuid of a call's n-th leg, derived from the call's own: so the core needs no randomness,
 * a leg can be killed before the switch has answered anything about it, and the same leg dialled twice
 * (by two engines, or after a lost reply) is refused by the switch as a duplicate
 * (mod_sofia.c:4785-4789) instead of ringing twice.
 */

const NODE_BITS = 48n;
const NODE_MASK = (1n << NODE_BITS) - 1n;
/** An odd constant near 2^48 divided by the golden ratio: consecutive legs differ in most digits. */
const STRIDE = 0x9e3779b97f4bn;

/**
 * @param callId uuid of the caller's channel
 * @param n 1 for the call's first leg, and so on; negative for what is played
 */
export function derivedId(callId: string, n: number): string {
  const cut = callId.lastIndexOf("-") + 1;
  const node = BigInt(`0x${callId.slice(cut)}`);
  const shifted = (node + BigInt(n) * STRIDE) & NODE_MASK;
  return callId.slice(0, cut) + shifted.toString(16).padStart(12, "0");
}
