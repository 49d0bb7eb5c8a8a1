/** Turns the switch's events into inputs of a call. */
import type { Arrival, Input } from "../../policy/call/input.js";
import type { CallState, Leg } from "../../policy/call/state.js";
import { given, mapped } from "../../policy/office/optional.js";
import { type CarrierWords, placeKey } from "../../policy/routing/carrier-places.js";
import { PHONE_VARIABLE } from "../switch/commands.js";
import { HEADER_VARIABLE } from "../switch/event-json.js";
import * as events from "../switch/events.js";
import { isUuid } from "../switch/safe-text.js";
import type { SwitchEvent } from "../switch/wire.js";
import {
  CALL_VARIABLE,
  CLICK_TO_VARIABLE,
  CLICK_VARIABLE,
  CONTEXT_INBOUND,
  CONTEXT_PHONES,
  carrierLetIn,
  EXTENSION_FALLBACK,
  isCallersContext,
  type LATER_VARIABLES,
  SEEN_TRANSFER_VARIABLE,
  TRANSFER_EVENT_VARIABLE,
  TRANSFERRED_BY_VARIABLE,
  type VARIABLES,
} from "./switch-contract.js";

/** The input that an event is for the call whose caller's channel is `callId`; undefined: none. */
export function readInput(event: SwitchEvent, callId: string, atMs: number): Input | undefined {
  const channel = events.channelId(event) ?? "";
  const isCaller = channel === callId;
  switch (event["Event-Name"]) {
    case "CHANNEL_PROGRESS":
      return isCaller ? undefined : { type: "leg_ringing", atMs, leg: channel };
    case "CHANNEL_PROGRESS_MEDIA":
      return isCaller ? undefined : { type: "leg_ringing", atMs, leg: channel, isMedia: true };
    case "CHANNEL_ANSWER":
      return isCaller ? undefined : { type: "leg_answered", atMs, leg: channel, ...codecOf(event) };
    case "CHANNEL_PARK":
      // When the caller's channel parks, the call decides what that means: see `Call.event`.
      if (isCaller) return undefined;
      return events.answerState(event) === "early"
        ? { type: "leg_parked", atMs, leg: channel, isEarly: true, ...codecOf(event) }
        : { type: "leg_parked", atMs, leg: channel };
    case "CHANNEL_HANGUP_COMPLETE": {
      const cause = events.cause(event);
      return isCaller
        ? { type: "caller_gone", atMs, cause, ...hungUp(event) }
        : {
            type: "leg_ended",
            atMs,
            leg: channel,
            cause,
            ...statusOf(event),
            ...hungUp(event),
            ...given({ sipCallId: readSipCallId(event) }),
          };
    }
    case "CHANNEL_BRIDGE":
      return bridged(event, callId, atMs);
    case "DTMF":
      return { type: "digit", atMs, channel, digit: events.digit(event) ?? "" };
    case "CHANNEL_EXECUTE":
      return events.application(event)?.name === "playback"
        ? { type: "play_began", atMs, channel }
        : undefined;
    case "CHANNEL_EXECUTE_COMPLETE":
      return completed(event, atMs);
    default:
      return undefined;
  }
}

/**
 * Whether the far end sends its keys as tones in the audio: its session description has no telephone-event (RFC 4733).
 * Undefined: it has sent none yet.
 */
export function sendsTones(event: SwitchEvent): boolean | undefined {
  const sdp = variable(event, "switch_r_sdp");
  return sdp?.includes("m=audio") ? !/telephone-event/i.test(sdp) : undefined;
}

/** The final status of a leg that the far end has refused (sofia.c, nua_callstate_terminated). */
function statusOf(event: SwitchEvent): { readonly status?: number } {
  const status = Number(variable(event, "sip_term_status") ?? "");
  return Number.isInteger(status) && status >= 300 && status <= 699 ? { status } : {};
}

/**
 * Whether the far end has ended the channel, by BYE, CANCEL or a refusal, or the switch has (`recv_bye`, `send_cancel` and so
 * on; sofia.c and mod_sofia.c).
 */
function hungUp(event: SwitchEvent): { readonly hungUp?: boolean } {
  const how = variable(event, "sip_hangup_disposition");
  if (how === undefined) return {};
  return how.startsWith("recv_") ? { hungUp: true } : how.startsWith("send_") ? { hungUp: false } : {};
}

/** More than any phone or carrier sends. The Call-ID is text that the far end chooses, and is kept with the call. */
const SIP_CALL_ID_CHARACTERS_MAX = 256;

export function readSipCallId(event: SwitchEvent): string | undefined {
  return variable(event, "sip_call_id")?.slice(0, SIP_CALL_ID_CHARACTERS_MAX);
}

/** The codec of a leg that has media. */
function codecOf(event: SwitchEvent): { readonly codec?: string } {
  const codec = variable(event, "rtp_use_codec_name");
  return codec !== undefined && /^[A-Za-z0-9_-]{1,32}$/.test(codec) ? { codec } : {};
}

/** Where a channel was sent last, by the dialplan or by a phone that transferred it. */
export interface SentTo {
  readonly destination: string;
  /** Where it was before that. */
  readonly earlier: string;
  /** Names the transfer (switch_ivr.c, "transfer_source"); empty: there was none. */
  readonly transfer: string;
  /** The name of the last blind transfer that the call's saved state knows of (`transferName`); empty: of none. */
  readonly seen: string;
}

export function readSentTo(event: SwitchEvent): SentTo {
  return {
    destination: event["Caller-Destination-Number"] ?? "",
    earlier: event["Caller-RDNIS"] ?? "",
    transfer: variable(event, "transfer_source") ?? "",
    seen: variable(event, SEEN_TRANSFER_VARIABLE) ?? "",
  };
}

/** Whether a phone has sent the channel where it is now; the switch keeps that until the channel is bridged again. */
export function isBlindTransfer({ transfer }: SentTo): boolean {
  return transfer.includes(":bl_xfer:");
}

/**
 * Whether a channel is a caller's: it has arrived, or was a leg that a phone has transferred, which puts it into the phones'
 * context. A leg that the switch rings itself is in the context of its caller, which is that of carriers.
 */
export function isCaller(channel: SwitchEvent): boolean {
  const context = channel["Caller-Context"];
  return (
    isCallersContext(context) && !(context === CONTEXT_INBOUND && channel["Call-Direction"] === "outbound")
  );
}

/** What tells a transfer from others: when it was and its id, without the target, which is text that a phone sends. */
export function transferName({ transfer }: SentTo): string {
  return transfer.split(":", 2).join(":");
}

/** The channels that wait to hear what became of a blind transfer (sofia.c, sofia_handle_sip_i_refer). */
export function readTransferrers(event: SwitchEvent): {
  readonly transferredBy?: string;
  readonly handsOver?: string;
} {
  const transferredBy = variable(event, TRANSFERRED_BY_VARIABLE);
  // On the channel of the phone that transfers, the same variable names the channel that was transferred.
  if (variable(event, TRANSFER_EVENT_VARIABLE) !== undefined) return { handsOver: transferredBy ?? "" };
  return given({ transferredBy });
}

/** A sound or a recording on a channel has ended. */
function completed(event: SwitchEvent, atMs: number): Input | undefined {
  const application = events.application(event);
  const playId = application?.id ?? "";
  if (application?.name === "record") return { type: "recorded", atMs, playId };
  if (application?.name !== "playback") return undefined;
  // A sound that ends because the channel ends is no input: the event of the channel's end follows.
  if (events.answerState(event) === "hangup") return undefined;
  // The response of mod_dptools (playback_function) when there is no such file.
  const missing = application.response === "FILE NOT FOUND";
  return { type: "played", atMs, playId, ...(missing ? { missing } : {}) };
}

/** Either side of a bridge may be named first (switch_ivr_bridge.c swaps roles in places). */
function bridged(event: SwitchEvent, callId: string, atMs: number): Input | undefined {
  const sides = events.bridged(event);
  if (sides?.a === callId) return { type: "bridged", atMs, leg: sides.b };
  if (sides?.b === callId) return { type: "bridged", atMs, leg: sides.a };
  return undefined;
}

/** The end of an originate job. Only a failure is an input, since the leg's own events show a success. */
export function readJob(event: SwitchEvent, atMs: number): Input | undefined {
  const job = events.jobResult(event);
  if (job === undefined || job.ok) return undefined;
  return { type: "leg_ended", atMs, leg: job.jobId, cause: job.cause };
}

/**
 * A caller's channel that has just been parked by the dialplan.
 * @param leg the leg that this channel was, until the phone that had called it transferred it
 * @param owner the call of which it was a leg
 * @param whose whose phone a channel of another call is; undefined: not known
 */
export function readArrival(
  event: SwitchEvent,
  atMs: number,
  leg?: Leg,
  owner?: CallState,
  whose: (channel: string) => string | undefined = () => undefined,
): Arrival | undefined {
  const id = events.channelId(event);
  if (id === undefined) return undefined;
  const wasLeg = leg !== undefined || markedFor(event) !== undefined;
  const channel = readTransferrers(event).transferredBy ?? null;
  // After an attended transfer the leg talked to the caller of another call.
  const isByCaller = channel === null || channel === owner?.id;
  const by = (isByCaller ? owner?.caller.from?.username : whose(channel)) ?? null;
  return {
    id,
    atMs,
    ...(wasLeg
      ? { transfer: { by, channel }, ...fromLeg(event, leg) }
      : (fromClick(event) ?? fromTheWire(event))),
    ...given({ sipCallId: readSipCallId(event), partOf: owner?.id }),
    media: mediaOf(event),
    codecs: (variable(event, "ep_codec_string") ?? "").slice(0, CODECS_CHARACTERS_MAX),
  };
}

/**
 * What is dialled for a user who has asked for a call in a page, by the dump of the channel of their phone; undefined: it is
 * none. Events do not say this.
 */
export function clickOf(
  dump: SwitchEvent,
): { readonly sipName: string; readonly dialled: string } | undefined {
  const mark = dump[`variable_${CLICK_VARIABLE}`] ?? "";
  const sipName = dump[`variable_${PHONE_VARIABLE}`];
  if (dump["Call-Direction"] !== "outbound" || !isUuid(mark) || sipName === undefined) return undefined;
  const at = dump["Caller-Destination-Number"];
  const isThere = at !== undefined && at !== EXTENSION_FALLBACK;
  return { sipName, dialled: isThere ? at : (dump[`variable_${CLICK_TO_VARIABLE}`] ?? "") };
}

/** As if the user had dialled on that phone. */
function fromClick(event: SwitchEvent): (Parties & Pick<Arrival, "isClickToCall">) | undefined {
  const click = clickOf(event);
  if (click === undefined) return undefined;
  const { sipName, dialled } = click;
  return {
    ...{ dialled: [dialled], origin: { kind: "phone", sipName }, callerNumber: sipName, callerName: "" },
    ...(offersSrtp(event) ? { offersSrtp: true } : {}),
    isClickToCall: true,
  };
}

type Parties = Pick<
  Arrival,
  "dialled" | "origin" | "callerNumber" | "callerName" | "privacy" | "words" | "offersSrtp"
>;

function fromTheWire(event: SwitchEvent): Parties {
  const origin = originOf(event);
  return {
    dialled: dialledIn(event),
    origin,
    ...(origin.kind === "carrier" ? { words: wordsIn(event) } : {}),
    callerNumber: event["Caller-Caller-ID-Number"] ?? "",
    callerName: event["Caller-Caller-ID-Name"] ?? "",
    ...given({ privacy: privacyOf(event) }),
    ...(offersSrtp(event) ? { offersSrtp: true } : {}),
  };
}

/** RTP/SAVP, with the keys to it (RFC 4568). Keys beside plain RTP may be left unused, so they do not count. */
function offersSrtp(event: SwitchEvent): boolean {
  const sdp = variable(event, "switch_r_sdp") ?? "";
  return /^m=audio [1-9][0-9]* RTP\/SAVPF? /m.test(sdp) && /^a=crypto:/m.test(sdp);
}

/** `Privacy: user` and `header` (RFC 3323) are as much a wish not to be shown as `id`, which alone the switch understands. */
const PRIVATE = /(?:^|[\s:;,])(?:id|user|header|session)(?:$|[\s;,])/i;

/** By `Privacy`, or by `privacy=full` and the like of Remote-Party-ID, which the switch reads (sofia_handle_sip_i_invite). */
function privacyOf(event: SwitchEvent): Arrival["privacy"] {
  const isHidden = (what: string) => event[`Caller-Privacy-Hide-${what}`] === "true";
  if (isHidden("Number") || PRIVATE.test(variable(event, "sip_Privacy") ?? "")) return "number";
  return isHidden("Name") ? "name" : undefined;
}

/**
 * The called party is the caller now, and the number dialled is what the transferring phone dialled for them. If no call
 * knows the leg any more, its channel says which phone it is.
 */
function fromLeg(event: SwitchEvent, leg: Leg | undefined): Parties {
  const dialled = [event["Caller-Destination-Number"] ?? ""];
  const sip = leg?.dial.kind === "contact" ? leg.dial.sip : event[`variable_${PHONE_VARIABLE}`];
  if (sip !== undefined)
    return { dialled, origin: { kind: "phone", sipName: sip }, callerNumber: sip, callerName: "" };
  const number = leg?.dial.kind === "gateway" ? leg.dial.number : (event["Caller-Callee-ID-Number"] ?? "");
  return { dialled, origin: { kind: "transferred" }, callerNumber: number, callerName: "" };
}

/**
 * The call as whose leg the engine has dialled this channel, by its dump; undefined: it did not dial it. Events do not say
 * this.
 */
export function markedFor(dump: SwitchEvent): string | undefined {
  const mark = dump[`variable_${CALL_VARIABLE}`] ?? "";
  return dump["Call-Direction"] === "outbound" && isUuid(mark) ? mark : undefined;
}

/** More than any phone offers. The offer is text that the caller sends, and part of the call's state, so it is cut. */
const CODECS_CHARACTERS_MAX = 1_024;

/** Carriers put the number called into the request URI, or put their trunk's name there and the number into To. */
function dialledIn(event: SwitchEvent): string[] {
  const places = [
    event["Caller-Destination-Number"],
    variable(event, "sip_req_user"),
    variable(event, "sip_to_user"),
  ];
  const named = places.filter((place): place is string => place !== undefined && place !== "");
  return [...new Set(named.filter((place) => place !== EXTENSION_FALLBACK))];
}

/** What a carrier's request says of the carrier and of the numbers, in the variables of sofia.c (sofia_handle_sip_i_invite). */
export function wordsIn(event: SwitchEvent): CarrierWords {
  return {
    ...given({
      gateway: variable(event, "sip_gateway"),
      letInAs: mapped(variable(event, "acl_token"), carrierLetIn),
      address: variable(event, "sip_network_ip"),
      domain: variable(event, "sip_from_host"),
    }),
    places: given({
      request_uri: variable(event, "sip_req_user"),
      to: variable(event, "sip_to_user"),
      from: variable(event, "sip_from_user"),
      p_asserted_identity: variable(event, "sip_P-Asserted-Identity"),
      remote_party_id: variable(event, "sip_Remote-Party-ID"),
      history_info: variable(event, "sip_history_info"),
      ...headersIn(event),
    }),
  };
}

/** Headers of other names. Those with a word of their own are found under it. */
function headersIn(event: SwitchEvent): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(event)) {
    if (!name.startsWith(HEADER_VARIABLE) || value === undefined) continue;
    const header = name.slice(HEADER_VARIABLE.length).toLowerCase();
    found[
      header === "p-called-party-id"
        ? "p_called_party_id"
        : header === "diversion"
          ? header
          : placeKey({ header })
    ] = value;
  }
  return found;
}

/** A phone is known by the name that the switch has authenticated, never by the From of the request. */
function originOf(event: SwitchEvent): Arrival["origin"] {
  const sipName = variable(event, "user_name") ?? variable(event, "sip_auth_username");
  if (event["Caller-Context"] !== CONTEXT_PHONES || sipName === undefined) return { kind: "carrier" };
  return { kind: "phone", sipName };
}

/** Whether the caller's leg has media, and whether it was answered and so costs something. */
export function mediaOf(event: SwitchEvent): Arrival["media"] {
  const state = events.answerState(event);
  return state === "early" || state === "answered" ? state : "none";
}

/** Reads a channel variable. Only those of `VARIABLES` and `LATER_VARIABLES` reach the engine. */
function variable(
  event: SwitchEvent,
  name: (typeof VARIABLES | typeof LATER_VARIABLES)[number],
): string | undefined {
  return events.variable(event, name);
}
