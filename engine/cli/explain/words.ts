/** Writes a played call for people and for programs. Seconds are rounded, because a switch takes some milliseconds. */
import { DECIDE_MS } from "../../../policy/call/bounds.js";
import { carriersFor } from "../../../policy/outside/carriers.js";
import { idsInWords } from "../../../policy/outside/carriers-words.js";
import { notRungNow } from "../../../policy/record/words.js";
import { emergencyDialled } from "../../../policy/routing/emergency.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import { storyLine } from "../../watch/story.js";
import type { Happening, Played, Ring, RingEnd } from "./record.js";
import { WATCHED_MAX_MS } from "./run.js";

/** The second of the call in which something visibly happens. */
export function secondOf(ms: number): number {
  return Math.round(ms / 1_000);
}

const STOPS: Readonly<Record<string, string>> = {
  time_over: "stops ringing",
  taken_elsewhere: "stops ringing, told that the call was taken",
  caller_gone: "stops ringing, the caller is gone",
};

const ENDS: Readonly<Record<string, string>> = {
  answered: "answered",
  time_over: "time over",
  taken_elsewhere: "taken elsewhere",
  caller_gone: "the caller is gone",
};

export function endOfRing(end: RingEnd): string {
  return ENDS[end] ?? plain(end);
}

function plain(word: string): string {
  return word.replaceAll("_", " ");
}

/** The timeline, then the phones that rang and those that did not, then the ending. */
export function renderPlayed(played: Played, timezone: string): string {
  return `${[
    heading(played, timezone),
    "",
    ...timeline(played),
    ...section("Rings", ringRows(played)),
    ...section("Does not ring", silentRows(played)),
    ...section(
      `May take longer: who answers at the last moment has ${secondOf(DECIDE_MS)} s to press 1`,
      longerRows(played),
    ),
    ...section("Carriers, in the order in which they are tried", carrierRows(played)),
    ...played.unused.map(
      ({ name, second }) => `\n${name} cannot answer at ${second} s: no phone of theirs rings then`,
    ),
    "",
    endingText(played),
  ].join("\n")}\n`;
}

function heading({ script, called }: Played, timezone: string): string {
  const table = RoutingTable.of(script.office, 0);
  const entry = table.number(called) ?? (script.caller.kind === "outside" ? table.anyNumber : undefined);
  const block = entry === undefined || entry.number === called ? undefined : `in ${entry.number}`;
  const label = [entry?.label, block].filter((part) => part !== undefined).join(", ");
  const from = script.caller.kind === "inside" ? script.caller.sipName : script.caller.number;
  const when = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(script.startMs);
  return `${called}${label === "" ? "" : ` (${label})`}, called by ${from}, ${when} ${timezone}`;
}

/** One line for each event. Phones that do not ring are listed separately below, so they are left out here. */
export function timeline({ happenings }: Pick<Played, "happenings">): string[] {
  return happenings.flatMap((happening) => {
    const text = inWords(happening);
    return text === null ? [] : [`${String(secondOf(happening.atMs)).padStart(5)} s  ${text}`];
  });
}

/** One event; null: not worth a line. */
export function inWords(happening: Happening): string | null {
  if (happening.kind === "stops")
    return `${happening.who} (${happening.device}) ${STOPS[happening.end] ?? `ends: ${plain(happening.end)}`}`;
  const { note } = happening;
  // The length of the conversation is invented, so its end is not shown.
  if (note.kind === "arrived" || (note.kind === "ended" && note.ending.kind === "answered")) return null;
  return storyLine(note)?.text ?? null;
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
  return ["", `${title}:`, ...lines];
}

function ringRows({ rings }: Played): string[][] {
  return rings.map((ring) => [ring.who, ring.device, ring.phone, spanOf(ring), endOfRing(ring.end)]);
}

function spanOf({ fromMs, toMs }: Ring): string {
  return `${secondOf(fromMs)} s to ${secondOf(toMs)} s`;
}

/** Steps that may outlast their time. */
function longerRows({ steps }: Played): string[][] {
  return steps.flatMap(({ kind, what, timeoutMs = null, longestMs = null }) =>
    timeoutMs === null || longestMs === null || longestMs <= timeoutMs
      ? []
      : [[`${kind} ${what}`, `${secondOf(timeoutMs)} s`, `up to ${secondOf(longestMs)} s`]],
  );
}

function silentRows({ silent }: Played): string[][] {
  const seen = new Set<string>();
  return silent.flatMap(({ who, device, atMs, reason }) => {
    const row = [who, device ?? "", `at ${secondOf(atMs)} s`, whyNot(reason)];
    const key = row.join("\n");
    if (seen.has(key)) return [];
    seen.add(key);
    return [row];
  });
}

/** The numbers outside that the call is about. With one carrier for every number there is no order. */
export function carrierRows({ script, called, rings, silent }: Played): string[][] {
  const { carriers } = script.office;
  if (carriers.length < 2 && carriers.every(({ prefixes }) => prefixes === undefined)) return [];
  const table = RoutingTable.of(script.office, 0);
  const isOutside = (number: string) =>
    (number.startsWith("+") && table.number(number) === undefined) ||
    emergencyDialled(number, table.settings) !== undefined;
  const named = [called, ...rings.map(({ phone }) => phone), ...silent.map(({ who }) => who)];
  return [...new Set(named.filter(isOutside))].map((number) => [
    number,
    idsInWords(carriersFor(number, carriers)),
  ]);
}

export function whyNot(reason: string): string {
  return reason === "do_not_disturb" ? "is set to do not disturb" : (notRungNow(reason) ?? plain(reason));
}

export function endingText({ ending: { word, atMs, by, device } }: Pick<Played, "ending">): string {
  if (word === "answered") return `Answered by ${by} (${device}) at ${secondOf(atMs)} s.`;
  if (word === "unfinished") return `Still not over after ${secondOf(WATCHED_MAX_MS)} s.`;
  if (word === "message") return `Not answered: a message was left, until ${secondOf(atMs)} s.`;
  return word === "missed"
    ? `Not answered: the caller gave up at ${secondOf(atMs)} s.`
    : `Not answered: ${plain(word)} at ${secondOf(atMs)} s.`;
}

/** One JSON object; times are milliseconds into the call. */
export function playedJson(played: Played) {
  const { script, called, steps, rings, silent, ending: end, unused } = played;
  return {
    called,
    from: script.caller.kind === "inside" ? script.caller.sipName : script.caller.number,
    at: new Date(script.startMs).toISOString(),
    revision: script.revision,
    timeline: played.happenings.flatMap((happening) => {
      const text = inWords(happening);
      return text === null ? [] : [{ ms: happening.atMs, text }];
    }),
    steps,
    rings,
    notRung: silent,
    carriers: carrierRows(played).map(([number, order]) => ({ number, order })),
    ending: end,
    unusedAnswers: unused.map(({ name, second }) => ({ name, second })),
  };
}
