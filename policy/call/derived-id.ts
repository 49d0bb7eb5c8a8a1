/**
 * The channel uuid of a call's n-th leg, derived from the call's own: so the core needs no randomness,
 * a leg can be killed before the switch has answered anything about it, and the same leg dialled twice
 * (by two engines, or after a lost reply) is refused by the switch as a duplicate
 * (mod_sofia.c:4785-4789) instead of ringing twice.
 *
 * A leg may become the caller of a call of its own, when a phone transfers it. So the id comes from a hash of the
 * whole of the call's id: an id that kept a part of it would be derived by both calls.
 */
import { digest } from "../digest.js";
import type { CallState } from "./state.js";

/**
 * A UUID of version 8 (RFC 9562, section 5.8), which is for derived ids.
 * @param callId uuid of the caller's channel
 * @param n 1 for the call's first leg, and so on; negative for what is played
 * @param askedBy the engine that answered the switch's question about the call. It has dialled before it knows whether the
 * call is its own, and must never take another engine's legs for its own.
 */
export function derivedId(callId: string, n: number, askedBy?: string): string {
  const hex = digest(askedBy === undefined ? `${n} ${callId}` : `${n} ${callId} ${askedBy}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return parts.join("-");
}

const NODE_BITS = 48n;
const NODE_MASK = (1n << NODE_BITS) - 1n;
const STRIDE = 0x9e3779b97f4bn;

/** How engines of version 1 of the saved state derived ids. */
export function derivedIdOfVersion1(callId: string, n: number): string {
  const cut = callId.lastIndexOf("-") + 1;
  const node = BigInt(`0x${callId.slice(cut)}`);
  const shifted = (node + BigInt(n) * STRIDE) & NODE_MASK;
  return callId.slice(0, cut) + shifted.toString(16).padStart(12, "0");
}

/** The ids of all legs that a call has started, each once. */
export function legIds({ id, legs, legCount, legsOfVersion1, askedBy }: CallState): readonly string[] {
  const derived = Array.from({ length: legCount }, (_none, i) =>
    i < legsOfVersion1 ? derivedIdOfVersion1(id, i + 1) : derivedId(id, i + 1, askedBy),
  );
  return [...new Set([...derived, ...legs.map((leg) => leg.id)])];
}
