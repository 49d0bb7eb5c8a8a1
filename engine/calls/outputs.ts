/** Turns the core's orders to the switch into commands of the event socket. */
import { LEG_PARK_MS } from "../../policy/call/bounds.js";
import type { CallerCommand, ChannelCommand, LegCommand, SwitchCommand } from "../../policy/call/command.js";
import { SOUND_NOTHING } from "../../policy/call/sounds.js";
import { SILENCE_LEVEL_MIN } from "../../policy/mailbox/silence.js";
import type { Carrier } from "../../policy/office/office.js";
import { given, mapped } from "../../policy/office/optional.js";
import { inForm } from "../../policy/routing/number-forms.js";
import { isHangupCause } from "../switch/causes.js";
import * as commands from "../switch/commands.js";
import type { WireCommand } from "../switch/wire.js";
import { NOT_WAITING, WAITING_VARIABLE } from "./lease.js";
import { CALL_VARIABLE, CONTEXT_PHONES, STATE_VARIABLE } from "./switch-contract.js";

export interface Surroundings {
  /** The caller's channel. */
  readonly callId: string;
  /** The country whose ringing tone the caller hears, and in which carriers are dialled. */
  readonly country: string;
  /** The carrier that has this gateway, in the call's office; undefined: none has. */
  readonly carrierOf?: (gateway: string) => Carrier | undefined;
  /** Where recordings are, on the switch and here; "" without such a folder. */
  readonly recordings: string;
  /** A fresh id for a sound for whose end no call waits. */
  readonly freshId: () => string;
  /** The call's state as it is now, for an engine that takes the call over. */
  readonly savedState: () => string;
}

/**
 * Without this, a caller's star would end whatever plays, the ringing tone too, and leave silence (mod_dptools.c:2363).
 */
export const UNENDING = { playback_terminators: "none" } as const;

/**
 * A phone that transfers the other party stays on the switch until the outcome is known, and is told then; else the switch
 * tells it at once that the transfer succeeded (sofia.c, sofia_handle_sip_i_refer).
 */
export const AWAITS_OUTCOME = { confirm_blind_transfer: "true" } as const;

/**
 * Puts the caller back into park when a bridge fails. There is no park_timeout: it goes on counting while the caller hears
 * ringing, and would end them as soon as the ringing stops, which is when the next phone answers. The engine may die
 * before it learns that the bridge stands, so what holds for a caller who talks is said before as well.
 */
export const GUARD = {
  park_after_bridge: "true",
  uuid_bridge_park_on_cancel: "true",
  ...AWAITS_OUTCOME,
} as const;

/**
 * The same while the caller hears a leg that has not answered: without these, its end would end the caller
 * (switch_channel_handle_cause), who would be told the status of a carrier that may not be the last.
 */
const EARLY_GUARD = {
  park_after_early_bridge: "true",
  continue_on_fail: "true",
  sip_ignore_remote_cause: "true",
} as const;

/** @throws CommandError for text that our own code should never have let through */
export function toWire(order: SwitchCommand, around: Surroundings): WireCommand {
  switch (order.type) {
    case "dial":
    case "bridge":
      return onLeg(order, around);
    case "kill":
    case "play":
    case "stop_playing":
    case "flush_digits":
      return onChannel(order, around);
    default:
      return onCaller(order, around);
  }
}

function onLeg(order: LegCommand, around: Surroundings): WireCommand {
  switch (order.type) {
    case "dial":
      return commands.originate({
        ...legOptions(order),
        ...numbersOf(order, around),
        // The job has the leg's id, so its result says which leg it is about.
        jobId: order.leg,
        codecs: offered(codecNames(order.codecs)),
        variables: {
          ...phoneVariable(order),
          park_timeout: `${LEG_PARK_MS / 1000}:NORMAL_CLEARING`,
          ...legVariables(around.callId),
          // Once the leg has answered, its end ends the caller, also without an engine.
          ...(order.isHeardEarly === true
            ? {
                api_on_answer: `uuid_setvar ${around.callId} park_after_early_bridge false`,
                api_on_answer_bond: `uuid_setvar ${around.callId} signal_bond ${order.leg}`,
              }
            : {}),
        },
      });
    case "bridge":
      return commands.bridge(around.callId, order.leg);
  }
}

/** The number dialled and those shown, as the carrier wants them; what is no number in E.164 stays as it is. */
function numbersOf(
  order: Dialling,
  { carrierOf, country }: Surroundings,
): Pick<commands.OriginateOptions, "dial" | "callerNumber" | "diversion" | "asserted" | "domain"> {
  const { dial, callerNumber } = order;
  const shown = given({ diversion: order.diversion ?? undefined, asserted: order.asserted ?? undefined });
  if (dial.kind === "contact") return { dial, callerNumber, ...shown };
  const carrier = carrierOf?.(dial.carrier);
  const form = carrier?.wantsNumbers ?? "e164";
  if (carrier === undefined || form === "e164") return { dial, callerNumber, ...shown };
  const written = (number: string) => inForm(number, form, country);
  return {
    dial: { ...dial, number: written(dial.number) },
    callerNumber: written(callerNumber),
    ...given({ diversion: mapped(shown.diversion, written), asserted: mapped(shown.asserted, written) }),
    // A tel URI without a plus sign would need the context in which it counts (RFC 3966, section 5.1.5).
    ...(isPlainHost(carrier.proxy) ? { domain: carrier.proxy } : {}),
  };
}

/** Not an IPv6 address: its brackets would not survive the switch's reading of variables. */
function isPlainHost(proxy: string): boolean {
  return !proxy.startsWith("[");
}

type Dialling = Extract<LegCommand, { type: "dial" }>;

function legOptions(order: Dialling): commands.OriginateOptions {
  return {
    legId: order.leg,
    dial: order.dial,
    timeoutMs: order.deadmanMs,
    callerName: order.callerName,
    callerNumber: order.callerNumber,
    ...given({ diversion: order.diversion ?? undefined, asserted: order.asserted ?? undefined }),
    ...given({ isPrivate: order.isPrivate, isHeardEarly: order.isHeardEarly }),
  };
}

function phoneVariable({ dial }: Dialling): commands.Variables {
  return dial.kind === "contact" ? { [commands.PHONE_VARIABLE]: dial.sip } : {};
}

function legVariables(callId: string): commands.Variables {
  return {
    [CALL_VARIABLE]: callId,
    // When a calling phone transfers this leg, what it dials is read as a phone's dialling. Otherwise the leg would
    // be in a context that is not ours.
    force_transfer_context: CONTEXT_PHONES,
    ...AWAITS_OUTCOME,
  };
}

/**
 * The argument of the application `bridge` that rings these legs for a caller. They get no park_timeout: none of them
 * parks before a phone transfers it.
 */
export function bridgeOf(orders: readonly Dialling[], callId: string): string {
  return commands.bridgeArgument(
    orders.map((order) => ({ ...legOptions(order), variables: phoneVariable(order) })),
    offered(codecNames(orders[0]?.codecs ?? "")),
    legVariables(callId),
  );
}

/**
 * What the dialplan sets on each caller whom it parks (hand_over.inc). A caller for whom the switch itself rings phones
 * gets it only when legs of our own ring, too.
 */
export function handOverVariables(callId: string): commands.Variables {
  return {
    api_hangup_hook: `hupall ORIGINATOR_CANCEL ${CALL_VARIABLE} ${callId}`,
    api_before_bridge_guard: `uuid_setvar ${callId} park_after_bridge false`,
    api_before_bridge_wait: `uuid_setvar ${callId} ${WAITING_VARIABLE} ${NOT_WAITING}`,
  };
}

function onChannel(order: ChannelCommand, around: Surroundings): WireCommand {
  switch (order.type) {
    case "kill":
      return commands.kill(order.channel, isHangupCause(order.cause) ? order.cause : "NORMAL_CLEARING");
    case "play":
      return commands.playback(
        order.channel,
        order.sounds.map((sound) => soundPath(sound, around)),
        order.playId,
      );
    case "stop_playing":
      return commands.breakAll(order.channel);
    case "flush_digits":
      return commands.flushDtmf(order.channel);
  }
}

function onCaller(order: CallerCommand, around: Surroundings): WireCommand {
  switch (order.type) {
    case "guard_caller":
      return commands.setVariables(around.callId, {
        ...GUARD,
        ...(order.isEarly === true ? EARLY_GUARD : {}),
        // The answer that follows chooses the caller's codec: with this one the switch need not transcode.
        ...given({ absolute_codec_string: order.codec ?? undefined }),
      });
    case "answer_caller":
      return commands.answer(around.callId);
    case "pre_answer_caller":
      return commands.preAnswer(around.callId);
    case "loosen_caller":
      // By this the switch finds the other side of a call that a REFER names (sofia_handle_sip_i_refer).
      return commands.setVariables(around.callId, { signal_bond: "" });
    case "refuse_caller":
      // The switch takes the status for that of the other leg, which outweighs the cause (sofia_on_hangup in mod_sofia.c).
      return commands.setVariables(around.callId, {
        last_bridge_proto_specific_hangup_cause: `sip:${order.status}`,
        sip_ignore_remote_cause: "false",
      });
    case "unguard_caller":
      return commands.setVariables(around.callId, {
        park_after_bridge: "false",
        // The hook would end the other party when a phone hangs up after an attended transfer.
        api_hangup_hook: "",
        ...AWAITS_OUTCOME,
        [STATE_VARIABLE]: around.savedState(),
        [WAITING_VARIABLE]: NOT_WAITING,
      });
    case "ringback":
      return commands.ringback(around.callId, around.country, around.freshId());
    case "prepare_recording":
      return commands.setVariables(around.callId, {
        playback_terminators: "#",
        // Otherwise a switch that dies loses the last four seconds, which stand in a buffer of 64 KB.
        enable_file_write_buffering: "false",
        // All recordings have one format; without this, the switch records a caller with Opus at 48 kHz.
        record_sample_rate: String(RECORDING_HZ),
        // A pause keeps its length when the caller's phone sends nothing during it (switch_ivr_play_say.c, fill_cng).
        record_fill_cng: "true",
        // The switch sends audio meanwhile, so that the caller's network does not take the line for dead.
        record_waste_resources: "true",
      });
    case "forget_recording":
      return commands.setVariables(around.callId, { playback_terminators: "none" });
    case "record":
      return commands.record(around.callId, {
        eventId: order.playId,
        path: recordingPath(around.recordings, order.message),
        limitSeconds: Math.ceil(order.limitMs / 1000),
        ...silenceOnSwitch(order),
      });
  }
}

/**
 * Codecs that every carrier and phone has (RFC 3551): a leg without the caller's codecs still gets the call,
 * transcoded.
 */
const LAST_RESORT: readonly string[] = ["PCMU", "PCMA"];

function offered(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [...names, ...LAST_RESORT.filter((name) => !names.includes(name))];
}

/** Samples a second of every recording. */
const RECORDING_HZ = 8_000;

/**
 * The switch's own silence detection ends a recording of which no engine hears the silence any more: it knows one
 * threshold and no noise, so it gets the lowest that the rule of `policy/mailbox/silence.ts` may come to. It counts its
 * frames as if the caller's codec had the sample rate of the recording, and ends too early otherwise
 * (switch_ivr_record_file, `silence_hits`): after a sixth of the time with Opus. So it gets six times as long.
 */
function silenceOnSwitch({ silenceMs, silenceLevel }: Extract<CallerCommand, { type: "record" }>) {
  if (silenceMs === null || silenceLevel === "off") return { threshold: 0, silenceSeconds: 0 };
  return {
    threshold: silenceLevel === "auto" ? SILENCE_LEVEL_MIN : silenceLevel,
    silenceSeconds: Math.ceil(silenceMs / 1000) * (CODEC_HZ_MAX / RECORDING_HZ),
  };
}

/** Samples a second of Opus, the most that a caller's codec has. */
const CODEC_HZ_MAX = 48_000;

/** The path of a recording: named by the id alone, never by anything that a caller sent. */
function recordingPath(folder: string, id: string): string {
  return `${folder}/${id}.wav`;
}

/** `recording:ID`, that from a point of time on, a file of the office, or one of our own sounds by name. */
function soundPath(sound: string, around: Surroundings): string {
  if (sound === SOUND_NOTHING) return commands.NO_SOUND;
  const [, id, fromMs] = /^recording:([^@]*)(?:@([0-9]+))?$/.exec(sound) ?? [];
  if (id !== undefined) {
    const path = recordingPath(around.recordings, id);
    return fromMs === undefined ? path : commands.fromSample(path, (Number(fromMs) * RECORDING_HZ) / 1000);
  }
  return sound.includes(".") ? sound : `${sound}.wav`;
}

/**
 * The names in the switch's `ep_codec_string`, for example
 * `CORE_PCM_MODULE.PCMU@8000h@20i@64000b,mod_opus.opus@48000h@20i@2c`. Legs are offered the caller's codecs, so that the
 * switch need not transcode.
 */
function codecNames(epCodecString: string): string[] {
  const names: string[] = [];
  for (const codec of epCodecString.split(",")) {
    const name = /^(?:[A-Za-z0-9_]+\.)?([A-Za-z0-9_-]{1,32})(?:@|$)/.exec(codec)?.[1];
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  return names;
}
