/** A call in one or two sentences: who called whom, and what became of it. */
import type { HangupReason } from "../steps/hangup/step.js";
import type { RecordEnding, Side, WhatOf } from "./happening.js";
import type { CallRecord } from "./record.js";
import { listed, type Names } from "./spoken-names.js";
import { lengthInWords } from "./times.js";
import { refusedThen } from "./words.js";

/** Without a full stop; a name may be its first word. */
export function headline(record: CallRecord, names: Names): string {
  const { user, device, called } = record;
  const from = user !== null && device !== null && device !== "" ? ` from the phone "${device}"` : "";
  const caller = names.caller(record);
  return `${record.user === null && record.from === "" ? capital(caller) : caller} called ${names.dialled(called)}${from}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What became of the call. */
export function endingInWords(record: CallRecord, names: Names): string {
  const { ending, endedMs, beganMs } = record;
  if (ending === null || endedMs === null) return liveInWords(record, names);
  const after = lengthInWords(endedMs - beganMs);
  switch (ending.kind) {
    case "answered":
      return answeredInWords(record, names, endedMs);
    case "missed":
      return `Nobody answered: the caller hung up after ${after}.${whoRang(record)}`;
    case "message":
      return `Nobody answered, and the caller left a message in ${names.mailbox(ending.box)}.`;
    case "listened":
      return `${names.user(ending.by)} listened to messages for ${after}.`;
    case "hung_up":
      return `${hungUpInWords(ending.reason, record)} The call ended after ${after}.${ending.reason === "no_answer" ? whoRang(record) : ""}`;
    case "not_ours":
      return "Another phone system on the same switch took the call.";
    case "failed":
      return `The call failed after ${after}: ${ending.why}.`;
    case "shed":
      return "The call was refused, because more calls came than the phone system can carry.";
    case "lost":
      return "The call was over when the phone system looked again, and nobody saw how it ended.";
  }
}

function liveInWords({ connectedMs, answeredBy, legs }: CallRecord, names: Names): string {
  if (connectedMs !== null && answeredBy !== null)
    return `The call is in progress: ${names.party(answeredBy)} is in it.`;
  const ringing = legs.filter(
    (leg) => leg.ringsMs !== null && leg.answeredMs === null && leg.endedMs === null,
  );
  const who = [...new Set(ringing.map((leg) => names.party(leg.who)))];
  return who.length === 0
    ? "The call is in progress, and nobody has answered yet."
    : `The call is in progress: it rings for ${listed(who)}.`;
}

function answeredInWords(record: CallRecord, names: Names, endedMs: number): string {
  const { beganMs, connectedMs, answeredBy, side } = record;
  const all = record.happenings.flatMap(({ what }) => (what.kind === "connected" ? [what.who] : []));
  const people = all
    .filter((who, index) => who !== all[index - 1] && who !== "")
    .map((who) => names.party(who));
  const first = people[0] ?? (answeredBy === null ? "Somebody" : names.party(answeredBy));
  if (connectedMs === null) return `${first} took the call. ${hungUp(side, answeredBy, names)}`;
  const wait = lengthInWords(connectedMs - beganMs);
  const talk = lengthInWords(endedMs - connectedMs);
  const more =
    people.length > 1
      ? `. Later ${listed(people.slice(1))} had the call. It lasted ${talk} from the first answer on.`
      : ` and talked with the caller for ${talk}.`;
  return `${first} took the call after ${wait}${more} ${hungUp(side, answeredBy, names)}`;
}

/** Who ended a conversation. */
function hungUp(side: Side | null, by: string | null, names: Names): string {
  switch (side) {
    case "caller":
      return "The caller hung up.";
    case "callee":
      return `${by === null || by === "" ? "The other side" : names.party(by)} hung up.`;
    case "office":
      return "The phone system ended the call.";
    case "switch":
      return "The network ended the call.";
    default:
      return "Nobody saw who hung up.";
  }
}

/** A call that is refused ends by a step that declines it; why is said besides. */
function hungUpInWords(reason: HangupReason, { happenings }: CallRecord): string {
  const refused = happenings.find(({ what }) => what.kind === "refused")?.what;
  return reason === "declined" && refused?.kind === "refused"
    ? `The call was refused: ${refusedThen(refused.why)}.`
    : HUNG_UP[reason];
}

/** An engine that died may have known of phones that rang and were given up before the next one looked. */
function whoRang({ legs, engines }: CallRecord): string {
  return legs.some((leg) => leg.ringsMs !== null) || engines.length > 1 ? "" : " No phone rang.";
}

const HUNG_UP: Readonly<Record<HangupReason, string>> = {
  normal: "The steps of the office ended the call.",
  busy: "The caller got the busy signal.",
  no_answer: "Nobody answered.",
  declined: "The call was declined.",
  unavailable: "Nobody was available.",
  unassigned: "The number leads nowhere.",
};

/** The last line of the story; empty: all is told. */
export function endedInWords(what: WhatOf<"ended">, record: CallRecord, names: Names): string {
  const isGone = record.happenings.some((each) => each.what.kind === "caller_gone");
  const text = lastWords(what, isGone, record, names);
  return what.isSeen || text === "" ? text : `${text.replace(/\.$/, "")}, at this time at the latest.`;
}

function lastWords(
  { ending, side }: { readonly ending: RecordEnding; readonly side: Side },
  isGone: boolean,
  record: CallRecord,
  names: Names,
): string {
  switch (ending.kind) {
    case "answered":
      return isGone && side === "caller" ? "" : hungUp(side, record.answeredBy, names);
    case "missed":
      return isGone ? "Nobody had answered." : "The caller hung up before anybody had answered.";
    case "message":
      return `The message was put into ${names.mailbox(ending.box)}.`;
    case "listened":
      return side === "caller" && !isGone ? "The caller hung up." : "The call ended.";
    case "hung_up":
      return `${hungUpInWords(ending.reason, record)}${ending.reason === "normal" ? "" : " The call was ended."}`;
    case "not_ours":
      return "Another phone system on the same switch took the call.";
    case "failed":
      return `The call failed: ${ending.why}.`;
    case "shed":
      return "The call was refused, because more calls came than the phone system can carry.";
    case "lost":
      return "The call was over when the phone system looked again.";
  }
}
