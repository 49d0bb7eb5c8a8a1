/**
 * After the connection came back (or the engine was started): what the switch still has of our calls, read
 * from each channel itself. `show channels` comes from SQL and lags (a channel is listed 40 ms late and
 * stays 300 ms too long), so it only says which strangers to look at; `uuid_dump` is the truth.
 */
import { derivedId } from "../../policy/call/derived-id.js";
import type { Input, LiveLeg } from "../../policy/call/input.js";
import type { CallState } from "../../policy/call/state.js";
import * as commands from "../switch/commands.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { CONTEXT_INBOUND, CONTEXT_PHONES } from "./switch-words.js";

type Resync = Extract<Input, { type: "resync" }>;

/** A channel as it is now: the same headers as its events have. Undefined: there is none. */
export function dumpChannel(
  link: SwitchLink,
  id: string,
  done: (dump: SwitchEvent | undefined) => void,
): void {
  link.send(commands.dump(id), (reply) => done(reply.outcome === "ok" ? parse(reply.text) : undefined));
}

function parse(text: string): SwitchEvent | undefined {
  try {
    return JSON.parse(text) as SwitchEvent;
  } catch {
    return undefined;
  }
}

/** Reads every channel of a call, and hands on what is left of it. */
export function inspectCall(
  link: SwitchLink,
  state: CallState,
  done: (found: Omit<Resync, "atMs">) => void,
): void {
  dumpChannel(link, state.id, (caller) => {
    const legs: LiveLeg[] = [];
    let waiting = state.legCount;
    const finish = () =>
      done({
        type: "resync",
        caller:
          caller === undefined
            ? null
            : { parked: isParked(caller), playing: isPlaying(caller), bridgedTo: bridgedTo(caller) },
        legs,
      });
    if (waiting === 0) {
      finish();
      return;
    }
    for (let n = 1; n <= state.legCount; n++)
      dumpChannel(link, derivedId(state.id, n), (dump) => {
        if (dump !== undefined) legs.push(readLeg(dump));
        waiting -= 1;
        if (waiting === 0) finish();
      });
  });
}

function readLeg(dump: SwitchEvent): LiveLeg {
  return {
    id: dump["Unique-ID"] ?? "",
    state: dump["Answer-State"] === "answered" ? "answered" : "ringing",
    parked: isParked(dump),
    bridgedTo: bridgedTo(dump),
  };
}

/** In the dialplan's park, also while something plays to it there. */
function isParked(dump: SwitchEvent): boolean {
  return (
    dump["Answer-State"] !== "hangup" &&
    bridgedTo(dump) === null &&
    dump["variable_current_application"] !== undefined
  );
}

function isPlaying(dump: SwitchEvent): boolean {
  return dump["variable_current_application"] === "playback";
}

/** `bridge_uuid` is set while a bridge stands, and unset when it ends (switch_ivr_bridge.c). */
function bridgedTo(dump: SwitchEvent): string | null {
  return dump["variable_bridge_uuid"] ?? null;
}

/** Channels of callers in our contexts, by the switch's list. */
export function listCallers(link: SwitchLink, done: (ids: readonly string[]) => void): void {
  link.send(commands.showChannels(), (reply) => {
    const rows = reply.outcome === "ok" ? parseRows(reply.text) : [];
    done(
      rows
        .filter((row) => row.direction === "inbound")
        .filter((row) => row.context === CONTEXT_INBOUND || row.context === CONTEXT_PHONES)
        .map((row) => row.uuid),
    );
  });
}

interface Row {
  readonly uuid: string;
  readonly direction?: string;
  readonly context?: string;
}

function parseRows(text: string): readonly Row[] {
  try {
    const parsed = JSON.parse(text) as { readonly rows?: readonly Row[] };
    return (parsed.rows ?? []).filter((row) => typeof row.uuid === "string");
  } catch {
    return [];
  }
}
