/** One call for people, as a story in 80 columns, and for programs. */
import { zonedMoment } from "../../../policy/office/zoned-moment.js";
import { greetedMs } from "../../../policy/record/greeted.js";
import type { PhoneStory } from "../../../policy/record/phones.js";
import type { CallRecord } from "../../../policy/record/record.js";
import type { Names } from "../../../policy/record/spoken-names.js";
import { type Story, type StoryLine, storyOf } from "../../../policy/record/story.js";
import { clockTime } from "../../../policy/record/times.js";
import { fact, factsText } from "../shared/facts.js";
import { painted } from "../shared/tones.js";
import { wrapped } from "../shared/wrapped.js";
import { callJson } from "./calls-text.js";

export interface Told {
  readonly record: CallRecord;
  readonly names: Names;
  readonly timezone: string;
  /** A username: what became of this user's phones is said first. */
  readonly user?: string;
}

export function callText({ record, names, timezone, user }: Told, hasColours: boolean): string {
  const story = storyOf(record, names);
  return [
    wrapped(story.headline, 0),
    `${dayAndTime(record.beganMs, timezone)}\n`,
    "\n",
    wrapped(story.ending, 0),
    ...(user === undefined ? [] : userText(user, story, record, names)),
    "\n",
    ...story.lines.map((line) => lineText(line, record, timezone, hasColours)),
    ...(user === undefined && story.phones.length > 0
      ? ["\nPhones\n", ...phoneLines(story.phones, record)]
      : []),
    "\n",
    factsOf(record),
  ].join("");
}

/** `Monday 30 November 2026, 09:30:12 -05:00 America/New_York`. */
function dayAndTime(atMs: number, timezone: string): string {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, dateStyle: "full" }).format(atMs);
  return `${day.replace(",", "")}, ${zonedMoment(atMs, timezone).slice("2026-11-30 ".length)}`;
}

/** Answers "why did my phone not ring?" before anything else. */
function userText(user: string, { phones }: Story, record: CallRecord, names: Names): string[] {
  const theirs = phones.filter(({ who }) => who === user);
  const title = `\nPhones of ${names.user(user)}\n`;
  if (theirs.length > 0) return [title, ...phoneLines(theirs, record)];
  const none = record.user === user ? "This user called." : "No step that the call reached was to ring them.";
  return [title, wrapped(none, INDENT)];
}

const INDENT = 2;

/** A phone that is signed in twice rings twice, and is told once. */
function phoneLines(phones: readonly PhoneStory[], { beganMs }: CallRecord): string[] {
  const rows = phones.map(({ fromMs, toMs, phone, text }) => ({
    when: whenText(fromMs, toMs, beganMs),
    text: `${phone} ${text}.`,
  }));
  const width = Math.max(...rows.map(({ when }) => when.length));
  const once = rows.filter(
    ({ when, text }, index) => rows.findIndex((row) => row.when === when && row.text === text) === index,
  );
  return once.map(({ when, text }) => hanging(`  ${when.padEnd(width)}  `, text));
}

function whenText(fromMs: number | null, toMs: number | null, beganMs: number): string {
  if (fromMs === null) return "-";
  return `${clockTime(fromMs - beganMs)} to ${toMs === null ? "now" : clockTime(toMs - beganMs)}`;
}

/** The time of day, the time into the call, and what happened. */
function lineText(
  { atMs, text, tone }: StoryLine,
  { beganMs, endedMs, happenings }: CallRecord,
  timezone: string,
  hasColours: boolean,
): string {
  const lastMs = endedMs ?? happenings.at(-1)?.atMs ?? beganMs;
  const width = Math.max(5, clockTime(lastMs - beganMs).length);
  const intoMs = Math.round((atMs - beganMs) / 1_000) * 1_000;
  const clock = zonedMoment(beganMs + intoMs, timezone).slice(
    "2026-11-30 ".length,
    "2026-11-30 09:30:12".length,
  );
  return hanging(`${clock}  ${clockTime(atMs - beganMs).padStart(width)}  `, text, (line) =>
    painted(line, tone, hasColours),
  );
}

/** A sentence whose further lines stand below its first word. */
function hanging(prefix: string, text: string, paint: (line: string) => string = (line) => line): string {
  const lines = wrapped(text, prefix.length).trimEnd().split("\n");
  return lines
    .map((line, index) => `${index === 0 ? prefix : " ".repeat(prefix.length)}${paint(line.trimStart())}\n`)
    .join("");
}

function factsOf({ id, carrier, sipCallId, partOf, revision, engines }: CallRecord): string {
  return factsText(`Call ${id}`, [
    fact("carrier", carrier ?? undefined),
    fact("SIP Call-ID", sipCallId ?? undefined),
    fact("part of call", partOf ?? undefined),
    fact("revision", revision),
    fact(engines.length > 1 ? "engines" : "engine", engines.join(", ")),
  ]);
}

/** `docs/calls.md` describes it. Times are milliseconds since the epoch. */
export function toldJson({ record, names, timezone, user }: Told) {
  const { headline, ending, lines, phones } = storyOf(record, names);
  return {
    ok: true,
    ...callJson({ ...record, greetedMs: greetedMs(record) }),
    timezone,
    legs: record.legs,
    happenings: record.happenings.map(({ atMs, isFound, what }) => ({
      atMs,
      ...(isFound === true ? { isFound } : {}),
      ...what,
    })),
    story: {
      headline,
      ending,
      lines: lines.map(({ atMs, text }) => ({ atMs, text })),
      phones: user === undefined ? phones : phones.filter(({ who }) => who === user),
    },
  };
}
