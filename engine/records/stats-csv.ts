/** Statistics of calls for a spreadsheet. */
import { csvText } from "../office/files/csv-text.js";
import { type Stats, type StatsRow, WEEKDAYS } from "./stats.js";

const CSV_HEADING = [
  ...["calls", "answered", "missed", "messages", "refused", "wait_median_s", "wait_p95_s"],
  ...[
    "unanswered_wait_median_s",
    "unanswered_wait_p95_s",
    "offered",
    "answered_in_time",
    "within_s",
    "talk_s",
  ],
];

/** Without the total, which would be counted twice in a spreadsheet; alone where calls are not told apart. */
export function statsCsv({ rows, total, by, withinS, fromDay, untilDay }: Stats): string {
  const cells = (row: Omit<StatsRow, "name">) =>
    [
      ...[row.calls, row.answered, row.missed, row.messages, row.refused, row.medianS, row.p95S],
      ...[row.unansweredMedianS, row.unansweredP95S, row.offered, row.answeredInTime, withinS],
      Math.round(row.talkMs / 1_000),
    ].map((value) => (value === null ? "" : String(value)));
  if (by === null)
    return csvText([
      ["from", "until", ...CSV_HEADING],
      [fromDay, untilDay, ...cells(total)],
    ]);
  const names = (row: StatsRow) =>
    by === "weekday" ? [WEEKDAYS[Number(row.name)] ?? "", ""] : [row.name, row.label ?? ""];
  return csvText([[by, "label", ...CSV_HEADING], ...rows.map((row) => [...names(row), ...cells(row)])]);
}
