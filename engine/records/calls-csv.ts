/** A list of calls for a spreadsheet. */
import { zonedMoment } from "../../policy/office/zoned-moment.js";
import { printable } from "../../policy/text.js";
import type { CallRow } from "../../storage/records/filter.js";
import { csvText } from "../office/files/csv-text.js";

const CSV_HEADING = [
  "Call",
  "Began",
  "Direction",
  "From",
  "Name",
  "User",
  "Called",
  "Result",
  "Answered by",
  "Message in",
  "Wait s",
  "Talk s",
  "Ended by",
  "Carrier",
  "SIP Call-ID",
  "Emergency",
  "About",
];

export function callsCsvHeading(): string {
  return csvText([CSV_HEADING]);
}

export function callsCsvRows(calls: readonly CallRow[], timezone: string): string {
  // Callers choose their names, and what is meant for a spreadsheet is also looked at on a terminal.
  return csvText(calls.map((call) => csvCells(call, timezone).map(printable)));
}

function csvCells(call: CallRow, timezone: string): string[] {
  const { waitMs, talkMs } = lengths(call);
  return [
    call.id,
    // With its distance from UTC: an hour that daylight saving repeats is told apart by it.
    zonedMoment(call.beganMs, timezone).slice(0, "2026-11-30 09:30:12 -05:00".length),
    call.direction,
    call.isWithheld ? "withheld" : call.from,
    call.name,
    call.user ?? "",
    call.called,
    call.result,
    call.answeredBy ?? "",
    call.messageIn ?? "",
    secondsOf(waitMs),
    secondsOf(talkMs),
    call.side ?? "",
    call.carrier ?? "",
    call.sipCallId ?? "",
    call.isEmergency ? "yes" : "",
    call.about.join(" "),
  ];
}

function secondsOf(ms: number | null): string {
  return ms === null ? "" : String(Math.round(ms / 1_000));
}

/**
 * Until the caller was connected, a mailbox took the call, or the call was over; and the conversation. Null: there was none,
 * or it is not over.
 */
export function lengths({
  beganMs,
  connectedMs,
  greetedMs,
  endedMs,
}: Pick<CallRow, "beganMs" | "connectedMs" | "greetedMs" | "endedMs">) {
  const waited = connectedMs ?? greetedMs ?? endedMs;
  return {
    waitMs: waited === null ? null : waited - beganMs,
    talkMs: connectedMs === null || endedMs === null ? null : endedMs - connectedMs,
  };
}
