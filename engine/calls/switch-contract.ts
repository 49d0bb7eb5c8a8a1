/**
 * Names on which the engine and the switch's configuration must agree (`docker/freeswitch/dialplan`), and the events that
 * the engine gets. The switch formats each event for every call, so there is none that the engine does not use.
 */

/** Realm of the claims in mod_hash; the dialplan's fallback uses the same. */
export const CLAIM_REALM = "ringline-claim";

/** Variable on every leg: the uuid of the caller's channel. The dialplan's hangup hook ends legs by it. */
export const CALL_VARIABLE = "ringline_call";

/**
 * Variables on the leg to the phone of a user who has asked for a call in a page: the request's id, and what is dialled
 * when they answer. The leg is that call's caller then.
 */
export const CLICK_VARIABLE = "ringline_click";
export const CLICK_TO_VARIABLE = "ringline_click_to";

/** Variable on the caller's channel: the call's saved state (`saved-state.ts`). */
export const STATE_VARIABLE = "ringline_state";

/**
 * Variable on the caller's channel: which blind transfer the saved state knows of. Another one that the switch has written
 * down since (`transfer_source`) was seen by no engine.
 */
export const SEEN_TRANSFER_VARIABLE = "ringline_transfer_seen";

/**
 * On a channel whose phone has transferred the other party, and waits for the outcome: the event of the NOTIFY that will
 * tell it, `refer;id=N`. On the other party's channel, the second variable names the first channel.
 */
export const TRANSFER_EVENT_VARIABLE = "sip_blind_transfer_event";
export const TRANSFERRED_BY_VARIABLE = "blind_transfer_uuid";

/** Where calls from carriers and from the office's phones are parked. */
export const CONTEXT_INBOUND = "inbound";
export const CONTEXT_PHONES = "phones";
/** Where the fallback sends a caller whose call an engine has claimed: back to park (ringline.xml). */
export const CONTEXT_FALLBACK = "ringline";
export const EXTENSION_FALLBACK = "fallback";

/** Whether a channel that parks in this context is a caller for the engine. */
export function isCallersContext(context: string | undefined): boolean {
  return context === CONTEXT_INBOUND || context === CONTEXT_PHONES || context === CONTEXT_FALLBACK;
}

/** Whether a channel that enters this context is a new caller, by a carrier or a phone. */
export function isArrivalContext(context: string | undefined): boolean {
  return context === CONTEXT_INBOUND || context === CONTEXT_PHONES;
}

/** The sofia profile at which phones register. */
export const PHONES_PROFILE = "phones";

export const EVENTS = [
  "CHANNEL_PARK",
  "CHANNEL_PROGRESS",
  "CHANNEL_PROGRESS_MEDIA",
  "CHANNEL_ANSWER",
  "CHANNEL_BRIDGE",
  "CHANNEL_HANGUP_COMPLETE",
  "CHANNEL_EXECUTE",
  "CHANNEL_EXECUTE_COMPLETE",
  "DTMF",
  "BACKGROUND_JOB",
  "HEARTBEAT",
  "MESSAGE_QUERY",
] as const;

/** Events of which only some are of use: the filter does not let them through by their names. */
const SIFTED: readonly string[] = [
  "CHANNEL_PROGRESS",
  "CHANNEL_PROGRESS_MEDIA",
  "CHANNEL_ANSWER",
  "CHANNEL_EXECUTE",
  "CHANNEL_EXECUTE_COMPLETE",
];

/**
 * Every application that a channel runs makes two events, of which only those of `playback` and `record` are of use: a
 * prompt has begun, an announcement or a recording is over. Ringing and answering matter on legs only, so those events
 * are let through by a variable that the engine sets on every leg. That variable would let the other applications of
 * legs through as well, so these are kept back by name.
 */
export const FILTERS: ReadonlyArray<readonly [header: string, value: string]> = [
  ...EVENTS.filter((name) => !SIFTED.includes(name)).map((name) => ["Event-Name", name] as const),
  ["Event-Name", "CUSTOM"],
  ["Application", "playback"],
  ["Application", "record"],
  ["variable_ignore_early_media", "true"],
  ["variable_ignore_early_media", "false"],
  ["Application", "-park"],
  ["Application", "-uuid_bridge"],
];

export const CUSTOM_EVENTS = [
  "sofia::register",
  "sofia::unregister",
  "sofia::expire",
  "sofia::gateway_state",
] as const;

/** The profile of the carriers (docker/freeswitch/sip_profiles/carriers.xml). */
export const CARRIERS_PROFILE = "carriers";
/**
 * The domain under which the switch asks the directory for carriers. It is none of phones, so that no phone can sign in as
 * what is found there (sip_profiles/carriers.xml, acl.conf.xml).
 */
export const CARRIERS_DOMAIN = "ringline-carriers";

/** The carrier for whose address a call was let in, from the switch's word for it: `main@ringline-carriers`. */
export function carrierLetIn(token: string): string | undefined {
  const at = token.indexOf("@");
  return token.slice(at + 1) === CARRIERS_DOMAIN ? token.slice(0, at) : undefined;
}

/** The headers of a caller's request that the engine reads besides those that the carriers of the office name. */
export const SIP_HEADERS = ["p-called-party-id", "diversion"] as const;

/** The channel variables that the engine reads from events; no others reach the engine, but for the headers above. */
export const VARIABLES = [
  TRANSFERRED_BY_VARIABLE,
  TRANSFER_EVENT_VARIABLE,
  "acl_token",
  "ep_codec_string",
  STATE_VARIABLE,
  SEEN_TRANSFER_VARIABLE,
  "rtp_use_codec_name",
  "sip_Privacy",
  "sip_P-Asserted-Identity",
  "sip_Remote-Party-ID",
  "sip_auth_username",
  "sip_call_id",
  "sip_from_host",
  "sip_from_user",
  "sip_gateway",
  "sip_history_info",
  "sip_network_ip",
  "sip_req_user",
  "sip_to_user",
  "switch_r_sdp",
  "transfer_source",
  "user_name",
] as const;

/** Those that a channel has only later, so that no question about a call has them. */
export const LATER_VARIABLES = [
  "sip_hangup_disposition",
  "sip_invite_failure_phrase",
  "sip_invite_failure_status",
  "sip_term_status",
] as const;

/** The same, as headers of an event. */
export const VARIABLE_HEADERS: readonly string[] = VARIABLES.map(header);
/** All that are read from events. */
export const EVENT_HEADERS: readonly string[] = [...VARIABLE_HEADERS, ...LATER_VARIABLES.map(header)];

function header(name: string): string {
  return `variable_${name}`;
}
