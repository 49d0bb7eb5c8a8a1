/**
 * The state of a call as text for a channel variable on the switch, which an engine that takes the call over reads. The
 * text is as short as can be: the switch reads commands byte by byte, with two system calls each (read_packet in
 * mod_event_socket.c), and every event of that channel carries the text.
 *
 * The text is `2.` and the compressed state: the version stands in front, so that an engine of another version can read
 * it. Version 1 had no such prefix. docs/decisions/0014-versions-of-the-saved-state.md says when the version moves.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { REDUCTIONS } from "../../policy/call/reduced.js";
import { savedCall } from "../../policy/call/saved.js";
import { STATE_VERSION, upgradeState } from "../../policy/call/saved-upgrades.js";
import type { CallState } from "../../policy/call/state.js";
import { VARIABLE_VALUE_CHARACTERS_MAX } from "../switch/safe-text.js";
import { DICTIONARIES } from "./saved-state-dictionaries.js";

/** No state of ours inflates to more than this. */
const STATE_BYTES_MAX = 1_048_576;

/**
 * The window is large enough for dictionary and state; the memory level keeps small what zlib clears for each call. Most
 * texts have a few hundred bytes: a chunk of zlib's default size, 16 KiB, would be allocated for each, beside the pool.
 */
const DEFLATE = {
  ...{ dictionary: dictionaryOf(STATE_VERSION), windowBits: 13, memLevel: 6 },
  chunkSize: 1_024,
} as const;

/** In a longer state, names and numbers repeat at a greater distance. */
const DEFLATE_LONG = { ...DEFLATE, windowBits: 15, memLevel: 8 } as const;
const LONG_STATE_BYTES = 8_192;

/** The most that a variable of the switch takes (`safe-text.ts`). */
const STATE_CHARACTERS_MAX = VARIABLE_VALUE_CHARACTERS_MAX;

/** What a saved text turned out to be. */
export type SavedState =
  | { readonly kind: "state"; readonly state: CallState }
  /** An engine of a later release has written the text, and can go on with the call. */
  | { readonly kind: "newer"; readonly version: number }
  /** No engine can go on from the text. */
  | { readonly kind: "unreadable"; readonly why: string };

/** The text has letters, digits, `-`, `_` and one point only: no tokenizer of the switch cuts it. */
export function writeState(state: CallState): string {
  const text = written(state);
  if (text.length <= STATE_CHARACTERS_MAX) return text;
  // A text that the switch does not take would cost the call; one that says less costs an outage some phones at most.
  for (const reduced of REDUCTIONS) {
    const shorter = written(reduced(state));
    if (shorter.length <= STATE_CHARACTERS_MAX) return shorter;
  }
  throw new Error(`call ${state.id}: the state cannot be saved, not even what is needed of it`);
}

function written(state: CallState): string {
  const json = JSON.stringify(state);
  const options = json.length < LONG_STATE_BYTES ? DEFLATE : DEFLATE_LONG;
  return `${STATE_VERSION}.${deflateRawSync(json, options).toString("base64url")}`;
}

/**
 * Reads what {@link writeState} wrote, or an earlier release of it: upgraded to today's version, every field checked.
 */
export function readState(text: string, callId: string): SavedState {
  const [, prefix, body = ""] = /^(?:([1-9][0-9]{0,3})\.)?([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  const version = Number(prefix ?? 1);
  if (version > STATE_VERSION) return { kind: "newer", version };
  if (body === "") return { kind: "unreadable", why: "no engine writes such text" };
  try {
    const json = inflateRawSync(Buffer.from(body, "base64url"), {
      dictionary: dictionaryOf(version),
      maxOutputLength: STATE_BYTES_MAX,
    });
    const checked = savedCall.safeParse(upgradeState(JSON.parse(json.toString("utf8")), version));
    if (!checked.success) return { kind: "unreadable", why: z.prettifyError(checked.error) };
    if (checked.data.id !== callId) return { kind: "unreadable", why: "it is another call's" };
    return { kind: "state", state: checked.data };
  } catch (error) {
    return { kind: "unreadable", why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Whether a caller's channel shows that the switch has used this engine's answer to its question: then it has a saved state
 * that began with that answer. Another engine that has the call has saved its own.
 */
export function isMarkOf({ id, caller, askedBy }: CallState, text: string | undefined): boolean {
  if (text === undefined || text === "") return false;
  if (!caller.asked) return true;
  const saved = readState(text, id);
  return saved.kind === "state" && saved.state.askedBy === askedBy;
}

function dictionaryOf(version: number): Buffer {
  const dictionary = DICTIONARIES[version - 1];
  if (dictionary === undefined) throw new Error(`version ${version} of the state has no dictionary`);
  return dictionary;
}
