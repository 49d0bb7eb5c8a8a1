/**
 * One builder for each command of the switch. Text becomes part of a command here and nowhere else; safe-text.ts
 * says what is reduced and what is refused. A builder throws `CommandError` for arguments that our own code must
 * never pass: test text from outside with the guards of safe-text.ts first. Callers' names and numbers are reduced
 * and never make a builder throw. Times are milliseconds, unless a name says seconds, as the switch wants them.
 */
import { isIP } from "node:net";
import type { Srtp } from "../../policy/office/carrier-settings.js";
import { type HangupCause, isHangupCause } from "./causes.js";
import { isReachedByTls } from "./dialled-at.js";
import {
  CommandError,
  checked,
  checkedWhole,
  isCallIdOfOnePhone,
  isDialableContact,
  isDialableNumber,
  isPlainName,
  isSipDomain,
  isSipName,
  isSoundPath,
  isUuid,
  isVariableValue,
  reduceName,
  shownName,
} from "./safe-text.js";
import { SRTP_VARIABLE, SRTP_WORDS } from "./srtp.js";
import { ringbackTone } from "./tones.js";
import type { WireCommand } from "./wire.js";

/** A command that runs inline. The switch's scheduler runs no other kind. */
export type ApiCommand = Extract<WireCommand, { verb: "api" }>;

/** FreeSWITCH variables the engine may set, besides our own (`ringline_…`). Any other name is a mistake of ours. */
export const SETTABLE_VARIABLES = [
  "absolute_codec_string",
  "api_before_bridge_guard",
  "api_before_bridge_wait",
  "api_hangup_hook",
  "api_on_answer",
  "api_on_answer_bond",
  "app_disable_expand_variables",
  "confirm_blind_transfer",
  "continue_on_fail",
  "enable_file_write_buffering",
  "force_transfer_context",
  "hangup_after_bridge",
  "inherit_codec",
  "last_bridge_proto_specific_hangup_cause",
  "park_after_bridge",
  "park_after_early_bridge",
  "park_timeout",
  "playback_terminators",
  "record_fill_cng",
  "record_ms",
  "record_sample_rate",
  "record_waste_resources",
  "ringback",
  "signal_bond",
  "sip_ignore_remote_cause",
  "sip_rh_Retry-After",
  "uuid_bridge_park_on_cancel",
] as const;

export type SettableVariable = (typeof SETTABLE_VARIABLES)[number] | `ringline_${string}`;
export type Variables = Readonly<Partial<Record<SettableVariable, string>>>;

/** What a leg is originated to. */
export type DialTarget =
  /** A contact from `registrations.ts`: `sofia/<profile>/sip:…`. */
  | { readonly kind: "contact"; readonly url: string; readonly srtp?: Srtp }
  /** A number through a carrier; the carrier's id is the gateway's name on the switch. */
  | { readonly kind: "gateway"; readonly carrier: string; readonly number: string };

export interface OriginateOptions {
  /** The UUID of the leg. The switch refuses a UUID that is in use, so the leg is dialled at most once. */
  readonly legId: string;
  readonly dial: DialTarget;
  /** The switch's limit for ringing. It counts whole seconds and may fire one early, so we add one. */
  readonly timeoutMs: number;
  /** As the caller sent it; it is reduced here. */
  readonly callerName: string;
  /** As the caller sent it; text that is no number is shown as `anonymous`. */
  readonly callerNumber: string;
  readonly variables?: Variables;
  /** For outside phones: the number that diverts the call (RFC 5806), and the one that vouches for the caller (RFC 3325). */
  readonly diversion?: string;
  readonly asserted?: string;
  /** `Privacy: id` (RFC 3323, RFC 3325): the carrier must show nobody who calls. */
  readonly isPrivate?: true;
  /** The leg parks as soon as it has media (183), unanswered, and not only when it answers. */
  readonly isHeardEarly?: true;
  /** The domain of `diversion` and `asserted`; left out: they are written as tel URIs. */
  readonly domain?: string;
  /** The only codecs offered, in order, for example `["PCMU", "PCMA"]`. */
  readonly codecs?: readonly string[];
}

/** The longest ringing the switch is asked for: a day. */
const ORIGINATE_TIMEOUT_MS_MAX = 86_400_000;

/** uuid_setvar_multi silently drops every pair after the 64th (argv[64] in mod_commands.c). */
const VARIABLES_PER_COMMAND_MAX = 64;

/**
 * Rings one contact or number in the background and parks the leg when it answers. Without `ignore_early_media` it parks
 * on a 183 with media already, as it does for a caller who is to hear that; without `no_throttle_limits` the switch's limit of 30 sessions a second would count
 * legs. The body of the job is `+OK <legId>` or `-ERR <CAUSE>`.
 */
export function originate(options: OriginateOptions & { readonly jobId: string }): WireCommand {
  const inBraces = assigned([
    ["origination_uuid", uuid(options.legId)],
    ...ofAllLegs(options.timeoutMs, options.isHeardEarly === true),
    ...callerShown(options),
    ...encryption(options.dial),
    ...codecList(options.codecs),
    ...variablePairs(options.variables ?? {}),
  ]);
  return bgapi(`originate {${inBraces}}${dialString(options.dial)} &park()`, options.jobId);
}

/** A phone that rings for its user, who has asked for a call. */
export interface OwnPhoneLeg {
  readonly legId: string;
  readonly dial: Extract<DialTarget, { kind: "contact" }>;
  readonly variables: Variables;
}

export interface OwnPhonesOptions
  extends Pick<OriginateOptions, "timeoutMs" | "callerName" | "callerNumber"> {
  readonly jobId: string;
  readonly legs: readonly OwnPhoneLeg[];
  /** What all legs get. */
  readonly variables: Variables;
  /** Where the leg goes that answers first. */
  readonly dialled: string;
  readonly context: string;
}

/**
 * Rings phones together in the background. The leg that answers first enters the dialplan as if it had dialled; the others
 * end as "completed elsewhere" (LOSE_RACE). The body of the job is `+OK` and that leg, or `-ERR <CAUSE>`.
 */
export function originateToDialplan(options: OwnPhonesOptions): WireCommand {
  const { legs, timeoutMs, dialled, context, jobId } = options;
  checkedWhole("number of legs", legs.length, 1, LEGS_TOGETHER_MAX);
  const inBraces = assigned([
    ...ofAllLegs(timeoutMs, false),
    ["origination_caller_id_name", reduceName(options.callerName) || options.callerNumber],
    ["origination_caller_id_number", checked("number", options.callerNumber, isDialableNumber)],
    ...displayed(options.callerName),
    ...variablePairs(options.variables),
  ]);
  const each = legs.map(({ legId, dial, variables }) => {
    const own = assigned([
      ["origination_uuid", uuid(legId)],
      ...encryption(dial),
      ...variablePairs(variables),
    ]);
    return `[${own}]${dialString(dial)}`;
  });
  const to = `${checked("number", dialled, isDialableNumber)} XML ${checked("context", context, isPlainName)}`;
  return bgapi(`originate {${inBraces}}${each.join(",")} ${to}`, jobId);
}

/**
 * The argument of the application `bridge`, with which the switch itself rings several contacts or numbers together and
 * connects the first that answers. What differs from leg to leg stands before each; what all have in common would win
 * over it (`local_var_clobber` in switch_ivr_originate.c), so nothing stands in both places.
 * @param variables what all legs get
 */
export function bridgeArgument(
  legs: readonly OriginateOptions[],
  codecs: readonly string[],
  variables: Variables,
): string {
  checkedWhole("number of legs", legs.length, 1, LEGS_TOGETHER_MAX);
  const longestMs = Math.max(...legs.map(({ timeoutMs }) => timeoutMs));
  const inBraces = assigned([
    ...ofAllLegs(longestMs, false),
    ...codecList(codecs),
    ...variablePairs(variables),
  ]);
  const each = legs.map((leg) => {
    const own = assigned([
      ["origination_uuid", uuid(leg.legId)],
      ["leg_timeout", seconds(leg.timeoutMs)],
      ...callerShown(leg),
      ...encryption(leg.dial),
      ...variablePairs(leg.variables ?? {}),
    ]);
    return `[${own}]${dialString(leg.dial)}`;
  });
  return `{${inBraces}}${each.join(",")}`;
}

/** The switch dials at most so many together (MAX_PEERS in switch_ivr_originate.c). */
const LEGS_TOGETHER_MAX = 128;

type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

function ofAllLegs(timeoutMs: number, isHeardEarly: boolean): Pairs {
  return [
    ["ignore_early_media", String(!isHeardEarly)],
    // Else a phone could choose with a 302 whom we call; now a 302 counts as refused (sofia.c, "outbound_redirect_fatal").
    ["outbound_redirect_fatal", "true"],
    ["originate_timeout", seconds(timeoutMs)],
    ["no_throttle_limits", "true"],
  ];
}

/** The switch counts whole seconds and may fire one early. */
function seconds(timeoutMs: number): string {
  const whole = checkedWhole("timeoutMs", Math.ceil(timeoutMs), 1, ORIGINATE_TIMEOUT_MS_MAX);
  return String(Math.ceil(whole / 1000) + 1);
}

function callerShown(options: OriginateOptions): Pairs {
  const number = isDialableNumber(options.callerNumber) ? options.callerNumber : "anonymous";
  return [
    ["origination_caller_id_name", reduceName(options.callerName) || number],
    ["origination_caller_id_number", number],
    ...displayed(options.callerName),
    ...identityHeaders(options),
  ];
}

function assigned(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${name}=${quoted(value)}`).join(",");
}

/** The argument of the application `multiset`. */
export function multisetArgument(variables: Variables): string {
  const pairs = variablePairs(variables);
  checkedWhole("number of variables", pairs.length, 1, VARIABLES_PER_COMMAND_MAX);
  return `^^;${pairs.map(([name, value]) => `${name}=${value}`).join(";")}`;
}

/**
 * The switch cuts a caller's name at a colon, but not the display text of the From header (sofia_glue_do_invite).
 */
function displayed(name: string): Array<readonly [string, string]> {
  const shown = shownName(name);
  return shown === "" || shown === reduceName(name) ? [] : [["sip_from_display", shown]];
}

function dialString(dial: DialTarget): string {
  if (dial.kind === "contact") return checked("contact", dial.url, isDialableContact);
  const carrier = checked("carrier", dial.carrier, isPlainName);
  return `sofia/gateway/${carrier}/${checked("number", dial.number, isDialableNumber)}`;
}

/**
 * A phone of which the office says nothing is offered SRTP (RFC 4568) on TLS, and plain RTP beside it for one that cannot.
 * Without TLS the key would be readable on its way, and the switch offers none by itself
 * (switch_core_session_parse_crypto_prefs).
 */
function encryption(dial: DialTarget): Pairs {
  if (dial.kind !== "contact") return [];
  const srtp = dial.srtp ?? (isReachedByTls(dial.url) ? "optional" : undefined);
  return srtp === undefined ? [] : [[SRTP_VARIABLE, SRTP_WORDS[srtp]]];
}

function identityHeaders(options: OriginateOptions): Array<readonly [string, string]> {
  const uri = (what: string, number: string): string => {
    checked(what, number, isDialableNumber);
    if (options.domain === undefined) return `<tel:${number}>`;
    return `<sip:${number}@${checked("domain", options.domain, isDomain)}>`;
  };
  const headers: Array<readonly [string, string]> = [];
  if (options.diversion !== undefined)
    headers.push(["sip_h_Diversion", `${uri("diversion", options.diversion)};reason=unconditional`]);
  if (options.asserted !== undefined)
    headers.push(["sip_h_P-Asserted-Identity", uri("asserted", options.asserted)]);
  if (options.isPrivate === true) headers.push(["sip_h_Privacy", "id"]);
  return headers;
}

function isDomain(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?$/.test(text);
}

/** A comma would end the variable, so `^^:` makes the colon the separator (switch_separate_string). */
function codecList(codecs: readonly string[] | undefined): Array<readonly [string, string]> {
  if (codecs === undefined || codecs.length === 0) return [];
  const names = codecs.map((codec) =>
    checked("codec", codec, (name) => /^[A-Za-z0-9.@_-]{1,32}$/.test(name)),
  );
  return [["absolute_codec_string", `^^:${names.join(":")}`]];
}

/** Hangs a channel up. `LOSE_RACE` tells a ringing phone that the call was completed elsewhere (RFC 3326). */
export function kill(id: string, cause: HangupCause): WireCommand {
  return api(`uuid_kill ${uuid(id)} ${causeName(cause)}`);
}

/**
 * Bridges two channels. `+OK` says that the switch will try; CHANNEL_BRIDGE says that it did. `a` must have media
 * (answered or pre-answered), else the switch loses both channels (switch_ivr_bridge.c).
 */
export function bridge(a: string, b: string): WireCommand {
  return api(`uuid_bridge ${uuid(a)} ${uuid(b)}`);
}

export function answer(id: string): WireCommand {
  return api(`uuid_answer ${uuid(id)}`);
}

/** Sends 183 with media: what is played or bridged is heard, and nothing is billed. */
export function preAnswer(id: string): WireCommand {
  return api(`uuid_pre_answer ${uuid(id)}`);
}

/** Sets at most {@link VARIABLES_PER_COMMAND_MAX} variables of a channel; an empty value unsets a variable. */
export function setVariables(id: string, variables: Variables): WireCommand {
  const pairs = variablePairs(variables);
  checkedWhole("number of variables", pairs.length, 1, VARIABLES_PER_COMMAND_MAX);
  return api(`uuid_setvar_multi ${uuid(id)} ${pairs.map(([name, value]) => `${name}=${value}`).join(";")}`);
}

/** All about a channel, as JSON in the form of an event. */
export function dump(id: string): WireCommand {
  return api(`uuid_dump ${uuid(id)} json`);
}

/** The smallest command: how long its reply takes says how busy the switch and its connection are. */
export function uptime(): WireCommand {
  return api("uptime");
}

/** The reply is `true` or `false`. */
export function exists(id: string): WireCommand {
  return api(`uuid_exists ${uuid(id)}`);
}

/** Stops what a channel plays and drops what is queued for it; harmless on an idle channel. */
export function breakAll(id: string): WireCommand {
  return api(`uuid_break ${uuid(id)} all`);
}

/** Drops digits pressed so far, which would count as the answer to the next prompt. */
export function flushDtmf(id: string): WireCommand {
  return api(`uuid_flush_dtmf ${uuid(id)}`);
}

/** Listens for keys in a channel's audio from now on, or no longer; in the order of {@link playback}. */
export function listenForTones(id: string, isOn: boolean, eventId: string): WireCommand {
  return execute(id, isOn ? "start_dtmf" : "stop_dtmf", "", eventId);
}

/** Sends a channel to an extension of the dialplan. */
export function transfer(id: string, extension: string, context: string): WireCommand {
  checked("extension", extension, (text) => isDialableNumber(text) || isPlainName(text));
  return api(`uuid_transfer ${uuid(id)} ${extension} XML ${checked("context", context, isPlainName)}`);
}

/** A sound from a sample of its file on (`@@`, playback_function in mod_dptools.c). It must be played alone. */
export function fromSample(path: string, sample: number): string {
  return `${path}@@${checkedWhole("sample", Math.round(sample), 0, Number.MAX_SAFE_INTEGER)}`;
}

/** A moment in which nothing is heard. */
export const NO_SOUND = "silence_stream://20";

const FROM_SAMPLE = /@@[0-9]{1,16}$/;

/** Enough for an accept prompt: two numbers of up to 15 digits (E.164), digit by digit, and words around them. */
const SOUNDS_MAX = 40;

/**
 * Plays sounds one after the other, queued behind earlier applications (event-lock). CHANNEL_EXECUTE and
 * CHANNEL_EXECUTE_COMPLETE carry `eventId` as Application-UUID; a break or a hangup may swallow the latter.
 * @param sounds paths, absolute or below the switch's folder of sounds
 * @param loops how often; left out: once
 */
export function playback(
  id: string,
  sounds: readonly string[],
  eventId: string,
  loops?: number,
): WireCommand {
  checkedWhole("number of sounds", sounds.length, 1, SOUNDS_MAX);
  const paths = sounds.map((sound) =>
    checked(
      "sound",
      sound,
      (text) => text === NO_SOUND || isSoundPath(sounds.length === 1 ? text.replace(FROM_SAMPLE, "") : text),
    ),
  );
  // file_string:// plays a list without a gap; `!` is its separator (mod_dptools.c, file_string_file_open).
  const argument = paths.length === 1 ? (paths[0] ?? "") : `file_string://${paths.join("!")}`;
  return execute(id, "playback", argument, eventId, loops);
}

/** Plays the country's ringback tone until it is stopped; pre-answers a channel without media. */
export function ringback(id: string, country: string, eventId: string): WireCommand {
  return execute(id, "playback", ringbackTone(country), eventId);
}

export interface RecordOptions {
  readonly eventId: string;
  /** Absolute. Its folder must exist, else the switch hangs the caller up. */
  readonly path: string;
  readonly limitSeconds: number;
  /** Loudness below which a frame counts as silence; 0: silence does not end the recording. */
  readonly threshold: number;
  /** How much silence ends the recording. */
  readonly silenceSeconds: number;
}

export function record(id: string, options: RecordOptions): WireCommand {
  const path = checked("path", options.path, (text) => isSoundPath(text) && text.startsWith("/"));
  const limit = checkedWhole("limitSeconds", options.limitSeconds, 1, 7_200);
  const threshold = checkedWhole("threshold", options.threshold, 0, 32_767);
  const silence = checkedWhole("silenceSeconds", options.silenceSeconds, 0, 7_200);
  return execute(id, "record", `${path} ${limit} ${threshold} ${silence}`, options.eventId);
}

/** Cancels scheduled tasks: all of a channel (by its UUID), all of a group, or one (by its number). */
export function schedDel(what: string): WireCommand {
  return api(`sched_del ${checked("task", what, (text) => isUuid(text) || isPlainName(text))}`);
}

/** Runs a command later. The scheduler has one thread, so the command must be short. `group` is for {@link schedDel}. */
export function schedApi(afterSeconds: number, group: string, command: ApiCommand): ApiCommand {
  // A trailing ampersand would run the command in its own thread (sched_api_function in mod_commands.c).
  checked("scheduled command", command.line, (line) => !line.endsWith("&"));
  const when = checkedSeconds(afterSeconds);
  return api(`sched_api +${when} ${checked("group", group, isPlainName)} ${command.line}`);
}

/** Hangs a channel up later; the task ends with the channel. */
export function schedHangup(afterSeconds: number, id: string, cause: HangupCause): WireCommand {
  return api(`sched_hangup +${checkedSeconds(afterSeconds)} ${uuid(id)} ${causeName(cause)}`);
}

const PHRASES: Readonly<Record<number, string>> = {
  200: "OK",
  403: "Forbidden",
  404: "Not Found",
  480: "Temporarily Unavailable",
  486: "Busy Here",
  487: "Request Terminated",
  503: "Service Unavailable",
  603: "Decline",
};

/**
 * Tells a phone how its transfer ended, and that no more will be told: a NOTIFY within the phone's dialog (RFC 3515;
 * general_event_handler in mod_sofia.c).
 * @param event the NOTIFY's event, `refer;id=N`; any other text counts as `refer`
 */
export function notifyTransfer(id: string, event: string, status: number): WireCommand {
  checkedWhole("status", status, 100, 699);
  return {
    verb: "sendevent",
    name: "NOTIFY",
    headers: [
      ["uuid", uuid(id)],
      ["event-string", /^refer;id=[0-9]{1,10}$/.test(event) ? event : "refer"],
      ["content-type", "message/sipfrag;version=2.0"],
    ],
    body: `SIP/2.0 ${status} ${PHRASES[status] ?? "Unknown"}`,
  };
}

function checkedSeconds(seconds: number): number {
  return checkedWhole("seconds", seconds, 1, 604_800);
}

/** Inserts a key that does not exist: `+OK`, or `-ERR key already exists`. Atomic among engines and the dialplan. */
export function hashInsertIfEmpty(realm: string, key: string, value: string): ApiCommand {
  return api(
    `hash insert_ifempty/${hashPart("realm", realm)}/${hashPart("key", key)}/${hashPart("value", value)}`,
  );
}

/** Deletes a key only if it still has that value. */
export function hashDeleteIfMatch(realm: string, key: string, value: string): ApiCommand {
  return api(
    `hash delete_ifmatch/${hashPart("realm", realm)}/${hashPart("key", key)}/${hashPart("value", value)}`,
  );
}

/** The reply is the value; a missing key is refused with `-ERR no reply`. */
export function hashSelect(realm: string, key: string): ApiCommand {
  return api(`hash select/${hashPart("realm", realm)}/${hashPart("key", key)}`);
}

/** All keys of a realm: lines of `D/<realm>_<key>/<value>`. The switch also lists realms whose name ends the same. */
export function hashList(realm: string): ApiCommand {
  return api(`hash_dump db ${hashPart("realm", realm)}`);
}

/** No `/`, which separates, and no `_`: the switch joins realm and key by it, so two pairs could become one key. */
function hashPart(what: string, text: string): string {
  return checked(`hash ${what}`, text, (part) => /^[A-Za-z0-9][A-Za-z0-9.:-]{0,127}$/.test(part));
}

/**
 * Stops a profile and starts it again, with its present configuration and certificate. The switch ends the profile's
 * calls after some seconds (sofia_profile_thread_run), and refuses this within 10 s of the profile's start.
 */
export function restartProfile(profile: string): WireCommand {
  return api(`sofia profile ${checked("profile", profile, isPlainName)} restart`);
}

/** All channels, as JSON; the table lags behind by up to 300 ms. */
export function showChannels(): WireCommand {
  return api("show channels as json");
}

/** The registrations of one profile, as XML, from the profile's own table. */
export function sofiaXmlStatusReg(profile: string): WireCommand {
  return api(`sofia xmlstatus profile ${checked("profile", profile, isPlainName)} reg`);
}

/** Hangs up every channel whose variable has that value. An empty value would hang up all calls of the switch. */
export function hupallVar(cause: HangupCause, name: `ringline_${string}`, value: string): ApiCommand {
  const plain = checked("value", value, isPlainName);
  return api(`hupall ${causeName(cause)} ${variableName(name)} ${plain}`);
}

/** Drops a phone's directory answer from the switch's cache (xml_flush_function, mod_commands.c). */
export function flushUser(sipName: string, domain: string): WireCommand {
  return api(`xml_flush_cache id ${phoneName(sipName)} ${sipDomain(domain)}`);
}

/** {@link flushUser} for all phones. */
export function flushAllUsers(): WireCommand {
  return api("xml_flush_cache");
}

/**
 * Removes all contacts of a phone from the switch's table, each with a `sofia::expire`; the phone has to register
 * again. An empty name would remove the contacts of all phones, so it is refused.
 */
export function flushRegistrations(profile: string, sipName: string, domain: string): WireCommand {
  checked("profile", profile, isPlainName);
  return api(`sofia profile ${profile} flush_inbound_reg ${phoneName(sipName)}@${sipDomain(domain)}`);
}

/** Removes the contacts that have registered with this Call-ID from the switch's table, each with a `sofia::expire`. */
export function flushContact(profile: string, callId: string, domain: string): WireCommand {
  checked("Call-ID", callId, (text) => isCallIdOfOnePhone(text, domain));
  return api(`sofia profile ${checked("profile", profile, isPlainName)} flush_inbound_reg ${callId}`);
}

/** Hangs up the legs that ring or talk at a phone, and the calls the phone has placed. */
export function hangUpPhone(cause: HangupCause, sipName: string): readonly WireCommand[] {
  const name = phoneName(sipName);
  return [PHONE_VARIABLE, "sip_auth_username"].map((variable) =>
    api(`hupall ${causeName(cause)} ${variable} ${name}`),
  );
}

/** Set on every leg to a phone: the phone's SIP name, for {@link hangUpPhone}. */
export const PHONE_VARIABLE = "ringline_phone";

/** A variable of the switch's configuration; the reply is empty if it is not set. */
export function globalVariable(name: string): WireCommand {
  return api(`global_getvar ${globalName(name)}`);
}

/** Sets a variable of the switch until it ends; the value is one word. */
export function setGlobalVariable(name: string, value: string): WireCommand {
  return api(
    `global_setvar ${globalName(name)}=${checked("value", value, (text) => /^[a-z0-9]{1,64}$/.test(text))}`,
  );
}

function globalName(name: string): string {
  return checked("variable", name, (text) => /^[a-z][a-z0-9_]{0,63}$/.test(text));
}

/** A variable of a channel: ours, or one of the switch's that the engine only reads. */
export function readVariable(id: string, name: string): WireCommand {
  checked("variable", name, (text) => /^[a-z][a-z0-9_]{0,63}$/.test(text));
  return api(`uuid_getvar ${uuid(id)} ${name}`);
}

/** The switch's version text. */
export function version(): WireCommand {
  return api("version");
}

/** Whether a module is loaded: `true` or `false`. */
export function moduleExists(name: string): WireCommand {
  return api(`module_exists ${checked("module", name, (text) => /^mod_[a-z0-9_]{1,60}$/.test(text))}`);
}

/** Whether a file exists on the switch's disk: `true` or `false`. */
export function fileExists(path: string): WireCommand {
  return api(`file_exists ${checked("path", path, isSoundPath)}`);
}

/** A module's configuration as the switch has read it, as XML. */
export function configuration(name: string): WireCommand {
  return api(`xml_locate configuration configuration name ${checked("file", name, isPlainName)}`);
}

/** A context of the dialplan as XML. */
export function dialplanContext(name: string): WireCommand {
  return api(`xml_locate dialplan context name ${checked("context", name, isPlainName)}`);
}

/** The switch's own entry for a domain of phones, as XML. */
export function directoryDomain(domain: string): WireCommand {
  return api(`xml_locate directory domain name ${sipDomain(domain)}`);
}

/** A variable of a user in the directory; empty: no such user, or no such variable. */
export function userVariable(name: string, domain: string, variable: string): WireCommand {
  checked("name", name, (text) => /^[A-Za-z0-9._:-]{1,64}$/.test(text));
  return api(`user_data ${name}@${sipDomain(domain)} var ${checked("variable", variable, isPlainName)}`);
}

/** A profile's state as XML. */
export function sofiaXmlStatus(profile: string): WireCommand {
  return api(`sofia xmlstatus profile ${checked("profile", profile, isPlainName)}`);
}

/** A gateway's state as XML; `Invalid Gateway!` if there is none, or if it is being deleted. */
export function sofiaXmlStatusGateway(name: string): WireCommand {
  return api(`sofia xmlstatus gateway ${gatewayName(name)}`);
}

/** The state of all gateways of all profiles as XML, also of those that are being deleted. */
export function sofiaXmlStatusGateways(): WireCommand {
  return api("sofia xmlstatus gateway");
}

/** Whether an address is in a list of addresses (acl.conf): `true` or `false`, also for a list that does not exist. */
export function addressInList(address: string, list: string): WireCommand {
  checked("address", address, (text) => isIP(text) !== 0);
  return api(`acl ${address} ${checked("list", list, isPlainName)}`);
}

/** A variable that a gateway sets on the calls that come by it; refused (`-ERR no reply`): it sets none of that name. */
export function gatewayVariable(name: string, variable: string): WireCommand {
  return api(`sofia_gateway_data ${gatewayName(name)} ivar ${checked("variable", variable, isPlainName)}`);
}

/** Deletes a gateway, and ends its registration. Calls that go over it go on. */
export function killGateway(profile: string, name: string): WireCommand {
  return api(`sofia profile ${checked("profile", profile, isPlainName)} killgw ${gatewayName(name)}`);
}

/** Registers a gateway anew. */
export function registerGateway(profile: string, name: string): WireCommand {
  return api(`sofia profile ${checked("profile", profile, isPlainName)} register ${gatewayName(name)}`);
}

/** Makes the switch read the gateways of a profile again, those that it does not have yet. It asks the directory meanwhile. */
export function rescanProfile(profile: string, jobId: string): WireCommand {
  return bgapi(`sofia profile ${checked("profile", profile, isPlainName)} rescan`, jobId);
}

/** Makes the switch read its lists of addresses again. It asks the directory meanwhile. */
export function reloadAcl(jobId: string): WireCommand {
  return bgapi("reloadacl", jobId);
}

/** The name of a gateway: a carrier's id, or the id and a number behind it. */
function gatewayName(text: string): string {
  return checked("gateway", text, (name) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,70}$/.test(name));
}

/** The switch's time in whole seconds since the epoch. */
export function epochSeconds(): WireCommand {
  return api("strepoch");
}

function phoneName(text: string): string {
  return checked("SIP name", text, isSipName);
}

function sipDomain(text: string): string {
  return checked("domain", text, isSipDomain);
}

/** How many messages a user has, as a phone shows it (RFC 3842, section 5.2: new/old, of which urgent). */
export interface MessageCounts {
  readonly fresh: number;
  readonly old: number;
  readonly freshUrgent: number;
  readonly oldUrgent: number;
}

/**
 * Sets the message lamp at every contact of `sip:<sipName>@<domain>`. The MWI headers become the lines of the
 * NOTIFY's body in this order (sofia_presence.c:570-582), and RFC 3842 wants Messages-Waiting first.
 */
export function messageWaiting(sipName: string, domain: string, counts: MessageCounts): WireCommand {
  const count = (what: keyof MessageCounts) => checkedWhole(what, counts[what], 0, 1_000_000);
  const account = `sip:${phoneName(sipName)}@${checked("domain", domain, isDomain)}`;
  return {
    verb: "sendevent",
    name: "MESSAGE_WAITING",
    headers: [
      ["MWI-Messages-Waiting", counts.fresh + counts.freshUrgent > 0 ? "yes" : "no"],
      ["MWI-Message-Account", account],
      [
        "MWI-Voice-Message",
        `${count("fresh") + count("freshUrgent")}/${count("old") + count("oldUrgent")} (${counts.freshUrgent}/${counts.oldUrgent})`,
      ],
    ],
  };
}

function api(line: string): ApiCommand {
  return { verb: "api", line };
}

function bgapi(line: string, jobId: string): WireCommand {
  return { verb: "bgapi", line, jobId: uuid(jobId) };
}

function execute(id: string, app: string, argument: string, eventId: string, loops?: number): WireCommand {
  const headers: Array<readonly [string, string]> = [
    ["call-command", "execute"],
    ["execute-app-name", app],
    ["execute-app-arg", argument],
    // Without event-lock a second message runs nested inside the first (switch_ivr.c).
    ["event-lock", "true"],
    ["Event-UUID", uuid(eventId)],
  ];
  if (loops !== undefined) headers.push(["loops", String(checkedWhole("loops", loops, 1, 1_000))]);
  return { verb: "sendmsg", uuid: uuid(id), headers };
}

function uuid(text: string): string {
  return checked("uuid", text, isUuid);
}

function causeName(cause: string): string {
  return checked("cause", cause, isHangupCause);
}

function variablePairs(variables: Variables): Array<readonly [string, string]> {
  return Object.entries(variables)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => [variableName(name), checked(name, value, isVariableValue)] as const);
}

function variableName(name: string): string {
  const settable = (SETTABLE_VARIABLES as readonly string[]).includes(name);
  if (!settable && !/^ringline_[a-z0-9_]{1,48}$/.test(name))
    throw new CommandError(`not a variable the engine may set: ${JSON.stringify(name.slice(0, 80))}`);
  return name;
}

/** An apostrophe that is still one after three splits (at blanks, commas and equals signs), each of which unescapes. */
const APOSTROPHE = `${"\\".repeat(7)}'`;

/** Quotes keep a value with spaces whole through the switch's first split. */
function quoted(value: string): string {
  return /^[A-Za-z0-9+._:=@/#*^-]+$/.test(value) ? value : `'${value.replaceAll("'", APOSTROPHE)}'`;
}
