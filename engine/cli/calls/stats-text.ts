/** Statistics of calls as a table, as bars and as JSON. */
import { dayOf } from "../../../policy/office/zone.js";
import { clockTime } from "../../../policy/record/times.js";
import { CAME, type Stats, type StatsBy, type StatsRow, WEEKDAYS } from "../../records/stats.js";
import { figureTable, shareText } from "./figures.js";
import { barLegend, barLines } from "./plot.js";

type Figures = Omit<StatsRow, "name">;

const OF: Readonly<Record<string, string>> = {
  in: "calls from outside",
  out: "calls to outside",
  inside: "calls within the office",
  [CAME]: "calls from outside and within the office",
};

/** The days, and whose calls they are. */
function headText({ fromDay, untilDay, timezone, of }: Stats): string {
  const days = fromDay === untilDay ? dayText(fromDay) : `${dayText(fromDay)} to ${dayText(untilDay)}`;
  const whose = of.kind === "all" ? OF[of.name] : `calls to the ${of.kind} ${of.name}`;
  return `${days} (${timezone}): ${whose}\n`;
}

/** `Mon 2026-11-30`. */
function dayText(date: string): string {
  return `${weekday(date).slice(0, 3)} ${date}`;
}

function weekday(date: string): string {
  return WEEKDAYS[((dayOf(date) ?? 0) + 3) % 7] ?? "";
}

export function statsTable(stats: Stats, columns: number): string {
  const { rows, total, by, withinS } = stats;
  const hasRefused = [...rows, total].some(({ refused }) => refused > 0);
  const heading = [
    by ?? "",
    "calls",
    "answered",
    "missed",
    "message",
    // Most offices refuse no call, and a line has 80 characters.
    ...(hasRefused ? ["refused"] : []),
    "median",
    "p95",
    `<${withinS} s`,
  ];
  const lines = rows.map((row) => [nameOf(row, by), ...figures(row, hasRefused)]);
  const all = [by === null ? "" : "total", ...figures(total, hasRefused)];
  return `${headText(stats)}${figureTable([heading, ...lines, all], { texts: 1, columns })}${waitsText(total, withinS)}`;
}

function figures(row: Figures, hasRefused: boolean): string[] {
  return [
    String(row.calls),
    String(row.answered),
    String(row.missed),
    String(row.messages),
    ...(hasRefused ? [String(row.refused)] : []),
    secondsText(row.medianS),
    secondsText(row.p95S),
    shareText(row.answeredInTime, row.offered),
  ];
}

function secondsText(seconds: number | null): string {
  return seconds === null ? "-" : seconds < 60 ? `${seconds} s` : clockTime(seconds * 1_000);
}

/** What the columns of the total do not say. */
function waitsText(total: Figures, withinS: number): string {
  if (total.calls === 0) return "no calls\n";
  const level = `answered in less than ${withinS} s: ${total.answeredInTime} of ${total.offered} offered`;
  const others =
    total.unansweredMedianS === null
      ? ""
      : `callers without an answer waited ${secondsText(total.unansweredMedianS)} (median), ${secondsText(total.unansweredP95S)} (p95)\n`;
  const talked =
    total.answered === 0
      ? ""
      : `a conversation lasted ${clockTime(total.talkMs / total.answered)} on average\n`;
  return `${level}\n${others}${talked}`;
}

const HOUR_MINUTES = ":00";

/** How a row is called: `09:00`, `Mon 2026-11-30`, `alice.wong Alice Wong`. */
function nameOf({ name, label }: StatsRow, by: StatsBy | null): string {
  if (by === "hour") return `${name.padStart(2, "0")}${HOUR_MINUTES}`;
  if (by === "day") return dayText(name);
  if (by === "weekday") return WEEKDAYS[Number(name)] ?? name;
  return label === undefined ? name : `${name} ${label}`;
}

/** Bars instead of figures. */
export function statsPlot(
  stats: Stats,
  look: { readonly columns: number; readonly isUtf8: boolean },
): string {
  const { rows, total, by, withinS } = stats;
  const shown = by === null ? [{ name: "", label: "calls", ...total }] : rows;
  const bars = shown.map((row) => ({
    label: by === null ? "calls" : nameOf(row, by),
    answered: row.answered,
    others: Math.max(0, row.calls - row.answered),
  }));
  return `${headText(stats)}${barLines(bars, look)}${barLegend(look.isUtf8)}\n${waitsText(total, withinS)}`;
}

export function statsJson({ outcome: _, rows, by, ...stats }: Stats): object {
  const named = rows.map((row) => ({
    ...row,
    ...(by === "weekday" ? { name: (WEEKDAYS[Number(row.name)] ?? "").toLowerCase() } : {}),
    ...(by === "hour" ? { name: Number(row.name) } : {}),
  }));
  return { ok: true, ...stats, by, rows: named };
}
