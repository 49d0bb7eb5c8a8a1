/**
 * The state of a call as text that can live in a channel variable on the switch: for the controller that
 * takes the call over. As short as can be: the switch reads commands byte by byte, two system calls each
 * (read_packet in mod_event_socket.c), and every event of that channel carries the text.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { CallState } from "../../policy/call/state.js";

/** The variable on the caller's channel. */
export const STATE_VARIABLE = "ringline_state";

/** A state inflates to this at most; a larger one was not written by us. */
const STATE_BYTES_MAX = 1_048_576;

/**
 * What most states have in common, so that only the rest is written: the text that both sides know beforehand
 * (RFC 1951 has no word for it; zlib calls it a preset dictionary). It belongs to the version of the state: with
 * another one, states that were written before cannot be read.
 */
const DICTIONARY = Buffer.from(
  `"kind":"apology"},"kind":"unassigned"},"kind":"dialled","target":{"kind":"number","number":"+1},"kind":"group",\
"id":"},"kind":"user","username":"},"kind":"flow","id":","media":"answered","parked":false,"guarded":false,\
"ringback":true,"codecs":"CORE_PCM_MODULE.PCMU@8000h@20i@64000b,CORE_PCM_MODULE.PCMA@8000h@20i@64000b,\
mod_opus.opus@48000h@20i@2c,mod_spandsp.G722@8000h@20i@64000b"},"phase":{"kind":"announcing","playId":"\
","phase":"killed","killCause":"LOSE_RACE","phase":"deciding","phase":"answered","accepted":true,"prompting":true,\
"kills":1,"killCause":"NO_ANSWER","timers":{"decide:","connect":,"slot":,"start:1":,"end:0":,"kill:\
"stations":[{"who":"","device":"cell","at":{"kind":"phone","number":"+1"},"slot":1,"startMs":5000,"endMs":20000,\
"accept":true,"carrier":"main","callerName":"","callerNumber":"","diversion":"+1","asserted":"+1"},\
"phases":["open","closed","waiting"],"winner":"","bridging":true}},"dial":{"kind":"gateway","carrier":"main",\
"number":"+1"},{"v":1,"id":"","revision":1,"arrivedMs":17,"caller":{"number":"+1","name":"","called":"+1",\
"media":"none","parked":true,"guarded":true,"ringback":false,"codecs":"CORE_PCM_MODULE.PCMU@8000h@20i@64000b"},\
"flow":{"source":{"kind":"number","number":"+1"},"index":0},"hops":0,"phase":{"kind":"ringing","ring":{"step":\
{"kind":"ring","target":{"kind":"group","id":""},"target":{"kind":"user","username":""},"timeoutMs":30000,\
"timeoutMs":20000,"accept":"auto","skip":false},"stations":[{"who":"","device":"desk","at":{"kind":"sip",\
"name":""},"slot":0,"startMs":0,"endMs":null,"accept":false,"carrier":null,"callerName":"","callerNumber":"+1",\
"diversion":null,"asserted":null}],"phases":["open"],"slot":0,"slotMs":[null],"slotBeganMs":17,"endsMs":17,\
"clockEnded":false,"winner":null,"bridging":false}},"legs":[{"id":"","station":0,"who":"","device":"","dial":\
{"kind":"contact","sip":"","url":"sofia/phones/sip:@"},"phase":"dialing","parked":false,"accepted":false,\
"prompting":false,"prompts":0,"playId":"","kills":0,"killCause":""}],"legCount":1,"playCount":0,"timers":\
{"ring":17,"dial:":17},"rang":[],"answeredBy":null,"ending":null,"staleTimers":0}`,
);

/** A window that holds dictionary and state, and little memory to be cleared for each call. */
const DEFLATE = { dictionary: DICTIONARY, windowBits: 13, memLevel: 6 } as const;

/** Letters, digits, `-` and `_` only: nothing that any tokenizer of the switch would stop at. */
export function writeState(state: CallState): string {
  return deflateRawSync(JSON.stringify(state), DEFLATE).toString("base64url");
}

/** Undefined for text that is not a state of this version: then the call begins anew. */
export function readState(text: string, callId: string): CallState | undefined {
  try {
    const json = inflateRawSync(Buffer.from(text, "base64url"), {
      dictionary: DICTIONARY,
      maxOutputLength: STATE_BYTES_MAX,
    });
    const state = JSON.parse(json.toString("utf8")) as CallState;
    return state.v === 1 && state.id === callId ? state : undefined;
  } catch {
    return undefined;
  }
}
