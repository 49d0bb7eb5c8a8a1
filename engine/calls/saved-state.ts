/**
 * The state of a call as text that can live in a channel variable on the switch: for the controller that
 * takes the call over. Deflated, since every event of that channel carries it.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { CallState } from "../../policy/call/state.js";

/** The variable on the caller's channel. */
export const STATE_VARIABLE = "ringline_state";

/** A state inflates to this at most; a larger one was not written by us. */
const STATE_BYTES_MAX = 1_048_576;

/** Letters, digits, `-` and `_` only: nothing that any tokenizer of the switch would stop at. */
export function writeState(state: CallState): string {
  return deflateRawSync(JSON.stringify(state)).toString("base64url");
}

/** Undefined for text that is not a state of this version: then the call begins anew. */
export function readState(text: string, callId: string): CallState | undefined {
  try {
    const json = inflateRawSync(Buffer.from(text, "base64url"), { maxOutputLength: STATE_BYTES_MAX });
    const state = JSON.parse(json.toString("utf8")) as CallState;
    return state.v === 1 && state.id === callId ? state : undefined;
  } catch {
    return undefined;
  }
}
