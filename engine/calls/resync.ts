/**
 * Inspections: what the switch has of a call, read from each of its channels by `uuid_dump`. The list of channels (`show
 * channels`) comes from SQL and lags: a channel is listed 40 ms late and stays 300 ms too long. So the list only says
 * which callers to inspect.
 */
import { z } from "zod";
import { legIds } from "../../policy/call/derived-id.js";
import type { Input, LiveLeg } from "../../policy/call/input.js";
import type { CallState } from "../../policy/call/state.js";
import * as commands from "../switch/commands.js";
import { readEventJson } from "../switch/event-json.js";
import { channelId } from "../switch/events.js";
import type { Reply, SwitchEvent, SwitchLink } from "../switch/wire.js";
import { isCaller, mediaOf, readSentTo, readTransferrers, type SentTo } from "./inputs.js";
import { isMarkOf } from "./saved-state.js";
import { isCallersContext, STATE_VARIABLE } from "./switch-contract.js";

type Resync = Extract<Input, { type: "resync" }>;

/**
 * What the switch has of a call. `transferred`: legs that a phone has made callers, as they were found. Whether its caller was transferred is decided by the call (`Call.resynced`).
 */
export type Found = Omit<Resync, "atMs" | "undialled" | "caller"> & {
  readonly caller:
    | (Omit<NonNullable<Resync["caller"]>, "transferredTo"> & { readonly sentTo: SentTo })
    | null;
  readonly transferred?: readonly SwitchEvent[];
};

/**
 * A channel as it is now, with the headers that its events have. `gone`: it does not exist; `unknown`: no reply came.
 */
export type Dump = SwitchEvent | "gone" | "unknown";

export function dumpChannel(link: Sender, id: string, done: (dump: Dump) => void): void {
  link.send(commands.dump(id), (reply) => {
    if (reply.outcome === "ok") done(readDump(reply.text, id));
    else done(isNoChannel(reply) ? "gone" : "unknown");
  });
}

/** What sends commands: a link, or what paces them. */
export type Sender = Pick<SwitchLink, "send">;

/**
 * Whether the switch says that it has no such channel. It refuses commands for other reasons too, such as one that our own
 * writer does not let through, and then the channel may be there.
 */
export function isNoChannel(reply: Reply): boolean {
  return reply.outcome === "refused" && reply.text.includes("No such channel");
}

/** A dump that is cut off, is none, or is another channel's, says nothing about this one. */
function readDump(text: string, id: string): Dump {
  const dump = readEventJson(text);
  return dump !== undefined && channelId(dump) === id ? dump : "unknown";
}

/**
 * Reads every channel of a call, and reports those that exist. If a reply does not come or is broken, nothing is reported:
 * a channel must not count as gone for that.
 */
export function inspectCall(
  link: Sender,
  state: CallState,
  done: (found: Found) => void,
  unknown: () => void = () => {},
): void {
  const ids = [...new Set([state.id, ...legIds(state), ...transferredParty(state)])];
  const dumps: Dump[] = [];
  for (const id of ids)
    dumpChannel(link, id, (dump) => {
      dumps.push(dump); // Replies come in the order of the commands.
      if (dumps.length < ids.length) return;
      if (dumps.includes("unknown")) {
        unknown();
        return;
      }
      const [caller = "gone", ...others] = dumps;
      const legs = others.filter((leg): leg is SwitchEvent => typeof leg !== "string");
      done({
        type: "resync",
        caller: typeof caller === "string" ? null : readCaller(caller, state),
        legs: legs.map(readLeg),
        transferred: legs.filter(isCaller),
      });
    });
}

/** The party who was transferred may be a leg of another call. */
function transferredParty({ phase }: CallState): string[] {
  return phase.kind === "handed_over" && phase.leg !== null ? [phase.leg] : [];
}

function readCaller(dump: SwitchEvent, state: CallState): NonNullable<Found["caller"]> {
  return {
    sentTo: readSentTo(dump),
    ...readTransferrers(dump),
    media: mediaOf(dump),
    parked: isParked(dump),
    playing: isPlaying(dump),
    ...(isRung(dump) ? { isRung: true } : {}),
    ...(isMarkOf(state, dump[`variable_${STATE_VARIABLE}`]) ? {} : { unmarked: true }),
    ...(isRecording(dump) ? { recording: true } : {}),
    bridgedTo: bridgedTo(dump),
  };
}

function readLeg(dump: SwitchEvent): LiveLeg {
  return {
    id: dump["Unique-ID"] ?? "",
    state: dump["Answer-State"] === "answered" ? "answered" : "ringing",
    parked: isParked(dump),
    playing: isPlaying(dump),
    bridgedTo: bridgedTo(dump),
    ...(isCaller(dump) ? { isCaller: true } : {}),
  };
}

/**
 * Whether a channel is in the dialplan's park or in what plays there, or in CS_PARK, where a failed bridge leaves it. The
 * state counts too: while a bridge is being made, current_application still names the application before it.
 */
export function isParked(dump: SwitchEvent): boolean {
  if (isLeaving(dump) || bridgedTo(dump) !== null) return false;
  const state = dump["Channel-State"];
  const application = dump["variable_current_application"];
  return state === "CS_PARK" || (state === "CS_EXECUTE" && PARKED_IN.includes(application ?? ""));
}

/**
 * Whether a channel was told to go to another state and is not there yet, which takes a second and more on an overloaded
 * switch. The name is that of its state, the number that of the state it goes to (switch_channel_event_set_basic_data).
 * Another command to bridge in that time may end both channels.
 */
function isLeaving(dump: SwitchEvent): boolean {
  const goesTo = dump["Channel-State-Number"];
  const name = dump["Channel-State"] ?? "";
  return goesTo !== undefined && name in STATE_NUMBERS && goesTo !== STATE_NUMBERS[name];
}

/** The numbers of the states that a parked channel may be in (switch_types.h). */
const STATE_NUMBERS: Readonly<Record<string, string>> = { CS_EXECUTE: "4", CS_PARK: "6" };

const PARKED_IN: readonly string[] = ["park", "playback"];

/**
 * Whether a sound plays. An application that has ended leaves its name and its response behind (switch_core_session.c).
 */
export function isPlaying(dump: SwitchEvent): boolean {
  return (
    dump["variable_current_application"] === "playback" &&
    dump["variable_current_application_response"] === undefined &&
    isParked(dump)
  );
}

/**
 * Whether the channel is being recorded. `record` leaves its name behind and no response. When it ends, it sets how long
 * the recording was (switch_ivr_record_file), which the engine unsets before each recording.
 */
export function isRecording(dump: SwitchEvent): boolean {
  return dump["variable_current_application"] === "record" && dump["variable_record_ms"] === undefined;
}

/**
 * The channel at the other end of the bridge. `bridge_to` is set while a bridge stands. `bridge_uuid` and the bond are set
 * as soon as it is asked for, and stay when it fails (switch_ivr_bridge.c, switch_ivr_uuid_bridge).
 */
export function bridgedTo(dump: SwitchEvent): string | null {
  const stands = BRIDGED_IN.includes(dump["Channel-State"] ?? "");
  return stands ? (dump["variable_bridge_to"] ?? null) : null;
}

/** The application in which the switch itself rings phones, and in which the caller stays when one has answered. */
function isInBridge(dump: SwitchEvent): boolean {
  return dump["Channel-State"] === "CS_EXECUTE" && dump["variable_current_application"] === "bridge";
}

/** Whether the switch itself rings phones for this channel. */
function isRung(dump: SwitchEvent): boolean {
  return isInBridge(dump) && bridgedTo(dump) === null;
}

/**
 * The states of the two sides of a bridge that `uuid_bridge` has made, the caller's first; and that of a caller whom the
 * switch itself has connected. There the application is no help: what a phone on hold plays leaves its own name behind.
 */
const BRIDGED_IN: readonly string[] = ["CS_SOFT_EXECUTE", "CS_EXCHANGE_MEDIA", "CS_EXECUTE"];

/** The switch's list of channels: those of callers are in our contexts, legs are in a context of the switch's own. */
export interface Listed {
  readonly callers: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

/** `unknown`: no list came, or a broken one. That says nothing about any channel. */
export function listChannels(link: Sender, done: (listed: Listed | "unknown") => void): void {
  link.send(commands.showChannels(), (reply) => {
    const rows = reply.outcome === "ok" ? readRows(reply.text) : undefined;
    if (rows === undefined) {
      done("unknown");
      return;
    }
    const ids = (are: boolean) =>
      new Set(rows.filter(({ context }) => isCallersContext(context) === are).map(({ uuid }) => uuid));
    done({ callers: ids(true), others: ids(false) });
  });
}

/** Of a switch without channels the list has no rows, but says how many there are. */
const channelList = z.object({
  row_count: z.number().optional(),
  rows: z.array(z.object({ uuid: z.string(), context: z.string().optional() })).optional(),
});

function readRows(text: string) {
  try {
    const list = channelList.safeParse(JSON.parse(text));
    if (!list.success) return undefined;
    return list.data.rows ?? (list.data.row_count === 0 ? [] : undefined);
  } catch {
    return undefined;
  }
}
