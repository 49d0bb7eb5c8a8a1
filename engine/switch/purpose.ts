/**
 * What a command is for, in words, and the channel or call that it is about: for the log of a command that failed. Its text
 * is never logged, since it may have a caller's number, a name or a call's state in it.
 */
import type { WireCommand } from "./wire.js";

export interface Purpose {
  readonly what: string;
  /** The uuid of a channel, or of a call, which is that of its caller's channel. */
  readonly channel?: string;
}

/** Of commands whose first word says it; the channel is their first argument. */
const OF_CHANNELS: Readonly<Record<string, string>> = {
  uuid_answer: "answer the caller",
  uuid_break: "stop what plays or records",
  uuid_bridge: "connect the caller",
  uuid_dump: "look at a channel",
  uuid_exists: "ask whether a channel is there",
  uuid_flush_dtmf: "forget keys pressed",
  uuid_getvar: "read a variable of a channel",
  uuid_kill: "end a channel",
  uuid_pre_answer: "let the caller hear what comes before the answer",
  uuid_setvar_multi: "set variables of a channel",
  uuid_transfer: "send a caller to the dialplan",
};

/** Of commands about no channel. */
const OF_THE_SWITCH: Readonly<Record<string, string>> = {
  acl: "ask about an address",
  file_exists: "ask for a file",
  global_getvar: "read a setting of the switch",
  global_setvar: "note down what the switch was given",
  hash_dump: "list the claims",
  module_exists: "ask for a module",
  originate: "ring a phone",
  reloadacl: "read lists of addresses again",
  sched_api: "renew the lease",
  show: "list all channels",
  sofia: "ask or change a SIP profile",
  sofia_gateway_data: "ask about a carrier",
  strepoch: "ask for the switch's time",
  uptime: "measure how long an answer takes",
  user_data: "ask about a phone",
  version: "ask for the switch's version",
  xml_flush_cache: "forget what the directory said",
  xml_locate: "read the switch's configuration",
};

const OF_APPLICATIONS: Readonly<Record<string, string>> = {
  playback: "play a sound",
  record: "record",
  start_dtmf: "listen for keys in the audio",
  stop_dtmf: "listen no more for keys in the audio",
};

const OF_EVENTS: Readonly<Record<string, string>> = {
  MESSAGE_WAITING: "set message lamps",
  NOTIFY: "tell a phone what became of its transfer",
};

const UNKNOWN = "a command of another kind";

export function purposeOf(command: WireCommand): Purpose {
  switch (command.verb) {
    case "sendmsg":
      return {
        what: OF_APPLICATIONS[headerOf(command.headers, "execute-app-name") ?? ""] ?? UNKNOWN,
        channel: command.uuid,
      };
    case "sendevent":
      return about(OF_EVENTS[command.name] ?? UNKNOWN, headerOf(command.headers, "uuid"));
    case "bgapi":
      // A leg's job has the id of the leg.
      return about(OF_THE_SWITCH[firstWord(command.line)] ?? UNKNOWN, legDialled(command));
    case "api":
      return ofApi(command.line);
  }
}

function ofApi(line: string): Purpose {
  const [word = "", second = "", third = ""] = line.split(" ", 3);
  const ofChannel = OF_CHANNELS[word];
  if (ofChannel !== undefined) return about(ofChannel, second);
  switch (word) {
    case "hash":
      return ofClaim(second);
    case "hupall":
      return about("end the legs of a call, or the calls of a phone", lastWord(line));
    case "sched_del":
      return about("cancel what was planned for a channel", second);
    case "sched_hangup":
      return about("end a channel later", third);
    default:
      return { what: OF_THE_SWITCH[word] ?? UNKNOWN };
  }
}

const OF_HASHES: Readonly<Record<string, string>> = {
  insert_ifempty: "claim a call",
  delete_ifmatch: "release the claim on a call",
  select: "ask who has claimed a call",
};

/** `verb/realm/key/value`: the key is the call. */
function ofClaim(path: string): Purpose {
  const [verb = "", , key] = path.split("/");
  return about(OF_HASHES[verb] ?? UNKNOWN, key);
}

function legDialled({ line, jobId }: Extract<WireCommand, { verb: "bgapi" }>): string | undefined {
  return firstWord(line) === "originate" ? jobId : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Names and SIP names are no channels, and are not logged. */
function about(what: string, channel: string | undefined): Purpose {
  return channel !== undefined && UUID.test(channel) ? { what, channel } : { what };
}

function firstWord(line: string): string {
  return line.split(" ", 1)[0] ?? "";
}

function lastWord(line: string): string {
  return line.slice(line.lastIndexOf(" ") + 1);
}

function headerOf(
  headers: ReadonlyArray<readonly [name: string, value: string]>,
  wanted: string,
): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}
