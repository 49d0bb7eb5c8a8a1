/** A list of calls as a table for a terminal, and as JSON for programs. */

import { zonedMoment } from "../../../policy/office/zoned-moment.js";
import { clockTime } from "../../../policy/record/times.js";
import type { CallRow } from "../../../storage/records/filter.js";
import { lengths } from "../../records/calls-csv.js";
import { cells, inCells } from "../shared/cells.js";
import { painted } from "../shared/tones.js";
import { zonedTime } from "../shared/until.js";

const HEADING = ["time", "from", "called", "result", "wait", "talk", "call"];
/** The least width of each, so that lines that come one after the other stand below each other; together 80 columns. */
const WIDTHS = [8, 12, 12, 19, 4, 5, 8];
/** Where the cells stand that may be cut. */
const FROM = 1;
const RESULT = 3;
/** A name or a number is not cut further than this. */
const CELL_MIN = 12;
const BETWEEN = "  ";
/** Enough of an id to name a call. */
export const ID_SHOWN = 8;

export interface ListLook {
  readonly timezone: string;
  readonly columns: number;
  readonly hasColours: boolean;
}

/** Each day has a heading; the columns have theirs once. */
export class CallsTable {
  #day = "";
  #hasBegun = false;

  constructor(private readonly look: ListLook) {}

  text(calls: readonly CallRow[]): string {
    const rows = calls.map((call) => cellsOf(call, this.look));
    const [heading = "", ...lines] = tableLines([HEADING, ...rows], this.look.columns);
    const first = this.#hasBegun ? [] : [this.#faint(heading)];
    this.#hasBegun = true;
    const shown = calls.flatMap((call, index) => [
      ...this.#dayBefore(call),
      this.#coloured(call, lines[index] ?? ""),
    ]);
    return [...first, ...shown].map((line) => `${line}\n`).join("");
  }

  #dayBefore({ beganMs }: CallRow): string[] {
    const { timezone } = this.look;
    const day = zonedTime(beganMs, timezone).slice(0, DAY_CHARACTERS);
    if (day === this.#day) return [];
    this.#day = day;
    return [this.#faint(`${day} (${timezone})`)];
  }

  #faint(text: string): string {
    return painted(text, "faint", this.look.hasColours);
  }

  #coloured({ result }: CallRow, line: string): string {
    const isBad = result === "missed" || result === "failed";
    return painted(line, result === "live" ? "good" : isBad ? "bad" : "plain", this.look.hasColours);
  }
}

/** `Mon 2026-11-30`. */
const DAY_CHARACTERS = 14;

function cellsOf(call: CallRow, { timezone, columns: width }: ListLook): string[] {
  const time = zonedMoment(call.beganMs, timezone).slice("2026-11-30 ".length, "2026-11-30 09:30:12".length);
  const from =
    width > WIDE && call.name !== "" && call.user === null
      ? `${fromText(call)} ${call.name}`
      : fromText(call);
  const { waitMs, talkMs } = lengths(call);
  return [
    time,
    from,
    call.called,
    resultText(call),
    waitMs === null ? "" : clockTime(waitMs),
    talkMs === null ? "" : clockTime(talkMs),
    call.id.slice(0, ID_SHOWN),
  ];
}

/** A terminal as wide as this has room for callers' names. */
const WIDE = 100;

function fromText({ user, from, isWithheld }: CallRow): string {
  if (user !== null) return user;
  if (isWithheld) return "withheld";
  return from === "" ? "-" : from;
}

/** What became of a call, as short as it can be understood. */
function resultText({ result, answeredBy, messageIn, ending }: CallRow): string {
  switch (result) {
    case "live":
      return answeredBy === null ? "in progress" : `in progress, ${answeredBy}`;
    case "answered":
      return answeredBy ?? "answered";
    case "message":
      return `message for ${messageIn?.slice(messageIn.indexOf(":") + 1) ?? "?"}`;
    case "refused":
      return ending?.kind === "hung_up" ? ending.reason : "refused";
    case "not_ours":
      return "another engine's";
    default:
      return result;
  }
}

/** Lines of equal width. The results are cut, then the callers, until a line fits. */
function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = WIDTHS.map((least, index) => Math.max(least, ...rows.map((row) => cells(row[index] ?? ""))));
  for (const column of [RESULT, FROM]) {
    const over = widths.reduce((sum, each) => sum + each, BETWEEN.length * (widths.length - 1)) - width;
    if (over > 0) widths[column] = Math.max(CELL_MIN, (widths[column] ?? 0) - over);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => inCells(cell, widths[index] ?? 0))
      .join(BETWEEN)
      .trimEnd(),
  );
}

/** A call for programs; `docs/calls.md` describes it. Times are milliseconds since the epoch. */
export function callJson(call: Omit<CallRow, "key" | "change">) {
  return {
    id: call.id,
    direction: call.direction,
    from: call.from,
    name: call.name,
    withheld: call.isWithheld,
    user: call.user,
    device: call.device,
    called: call.called,
    carrier: call.carrier,
    sipCallId: call.sipCallId,
    partOf: call.partOf,
    revision: call.revision,
    engines: call.engines,
    beganMs: call.beganMs,
    firstRingMs: call.firstRingMs,
    connectedMs: call.connectedMs,
    greetedMs: call.greetedMs,
    endedMs: call.endedMs,
    result: call.result,
    ending: call.ending,
    endedBy: call.side,
    cause: call.cause,
    endSeen: call.isEndSeen,
    answeredBy: call.answeredBy,
    messageIn: call.messageIn,
    emergency: call.isEmergency,
    about: call.about,
  };
}
