/**
 * Names that the engine and the switch's configuration must agree on (`docker/freeswitch/dialplan`), and
 * the events the engine listens to: each is formatted for us by the switch, in every call, so there is
 * none that nobody reads.
 */

/** Realm of the claims in mod_hash; the dialplan's fallback uses the same. */
export const CLAIM_REALM = "ringline-claim";

/** Variable on every leg: the uuid of the caller's channel. The dialplan's hangup hook looks for it. */
export const CALL_VARIABLE = "ringline_call";

/** Variable on the caller's channel: the call's saved state (`saved-state.ts`). */
export const STATE_VARIABLE = "ringline_state";

/** Where calls from carriers and from the office's phones are parked. */
const CONTEXT_INBOUND = "inbound";
export const CONTEXT_PHONES = "phones";
/** Where the fallback sends a caller of whom an engine holds the claim: back to park (ringline.xml). */
export const CONTEXT_FALLBACK = "ringline";
export const EXTENSION_FALLBACK = "fallback";

/** Whether a caller parked in this context may be ours to take. */
export function isCallersContext(context: string | undefined): boolean {
  return context === CONTEXT_INBOUND || context === CONTEXT_PHONES || context === CONTEXT_FALLBACK;
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

/** Of these not every one is of use, so a name does not let them through. */
const SIFTED: readonly string[] = [
  "CHANNEL_PROGRESS",
  "CHANNEL_PROGRESS_MEDIA",
  "CHANNEL_ANSWER",
  "CHANNEL_EXECUTE",
  "CHANNEL_EXECUTE_COMPLETE",
];

/**
 * Every application a channel runs makes two events, and only those of `playback` and `record` are of use: the
 * prompt began, the announcement or the message is over. That something rings or is answered is news of legs
 * alone, not of callers; a variable that the engine gives every leg tells. So would the other applications of
 * legs be let through, if they were not kept back by name.
 */
export const FILTERS: ReadonlyArray<readonly [header: string, value: string]> = [
  ...EVENTS.filter((name) => !SIFTED.includes(name)).map((name) => ["Event-Name", name] as const),
  ["Event-Name", "CUSTOM"],
  ["Application", "playback"],
  ["Application", "record"],
  ["variable_ignore_early_media", "true"],
  ["Application", "-park"],
  ["Application", "-uuid_bridge"],
];

export const CUSTOM_EVENTS = ["sofia::register", "sofia::unregister", "sofia::expire"] as const;

/** The channel variables that are read from events; no others reach the engine. */
export const VARIABLES = [
  "ep_codec_string",
  STATE_VARIABLE,
  "rtp_use_codec_name",
  "sip_auth_username",
  "sip_req_user",
  "sip_to_user",
  "transfer_source",
  "user_name",
] as const;

/** The same, as headers of an event. */
export const VARIABLE_HEADERS: readonly string[] = VARIABLES.map((name) => `variable_${name}`);
