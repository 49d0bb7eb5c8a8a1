/** The times that lists are asked with: an instant, or a time or day by the office's clock. */
import { z } from "zod";
import { given } from "../../../policy/office/optional.js";
import { readPast } from "../../../policy/office/past-time.js";
import type { FieldFault } from "./problem.js";

const EXPECTED = "2026-11-30T14:00:00Z, 2026-11-30T09:00 or 2026-11-30, the last two by the office's clock";

export const periodQuery = {
  from: z.string().max(40).optional().describe(`from then on: ${EXPECTED}`),
  until: z.string().max(40).optional().describe("before then; a day means its end"),
};

export interface Period {
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** @returns faults of the query where a text is no time */
export function readPeriod(
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  timezone: string,
  nowMs: number,
): Period | readonly FieldFault[] {
  const fromMs = from === undefined ? undefined : readPast(withoutFraction(from), timezone, nowMs);
  const untilMs = until === undefined ? undefined : readPast(withoutFraction(until), timezone, nowMs, true);
  const faults = [
    ...(from !== undefined && fromMs === undefined ? [noTime("from")] : []),
    ...(until !== undefined && untilMs === undefined ? [noTime("until")] : []),
    ...(fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs
      ? [{ field: "query/from", code: "not_before", message: "`from` is not before `until`" }]
      : []),
  ];
  if (faults.length > 0) return faults;
  return given({ fromMs, untilMs });
}

/** Answers have milliseconds, and what an answer has can be asked for. */
function withoutFraction(text: string): string {
  return text.replace(/(T\d{2}:\d{2}:\d{2})\.\d{1,3}/, "$1");
}

function noTime(name: "from" | "until"): FieldFault {
  return { field: `query/${name}`, code: "no_time", message: "this is no time", expected: EXPECTED };
}
