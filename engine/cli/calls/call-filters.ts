/** The options by which calls are found, and what they ask for. */

import { type Command, Option } from "commander";
import { given } from "../../../policy/office/optional.js";
import { DAY_EXPECTED, PAST_EXPECTED, readDay, readPast } from "../../../policy/office/past-time.js";
import type { Result } from "../../../policy/record/record.js";
import type { CallFilter } from "../../../storage/records/filter.js";

export interface FilterOptions {
  readonly since?: string;
  readonly until?: string;
  readonly day?: string;
  readonly number?: string;
  readonly called?: string;
  readonly to?: string;
  readonly user?: string;
  readonly group?: string;
  readonly carrier?: string;
  readonly result?: Result;
  readonly missed?: boolean;
  readonly leftMessage?: boolean;
  readonly live?: boolean;
  readonly emergency?: boolean;
}

const RESULTS: Readonly<Record<Result, true>> = {
  live: true,
  answered: true,
  missed: true,
  message: true,
  listened: true,
  refused: true,
  failed: true,
  not_ours: true,
};

/** @param called how the option is named that says which number was called */
export function filterOptions(command: Command, called: "--called" | "--to"): Command {
  return command
    .option("--day <day>", `calls of one day: ${DAY_EXPECTED}`)
    .option("--since <time>", `calls that began then or later: ${PAST_EXPECTED}`)
    .option("--until <time>", "calls that began before then; a day means its end")
    .option("--number <digits>", "part of the caller's or the called number")
    .option(`${called} <number>`, "the number or extension that was called")
    .option("--user <username>", "this user called, or their phones rang or were to ring")
    .option("--group <id>", "calls that came to this group")
    .option("--carrier <id>", "calls that came or went through this carrier")
    .addOption(new Option("--result <result>", "what became of the call").choices(Object.keys(RESULTS)))
    .option("--missed", "nobody answered, and no message was left")
    .option("--left-message", "the caller left a message")
    .option("--live", "calls in progress")
    .option("--emergency", "calls for help, and tests of them");
}

/** What is asked for by a name or a number; an empty one comes of a variable of a script that is not set. */
const NAMED = ["number", "called", "to", "user", "group", "carrier"] as const;

export type FilterRead =
  | { readonly ok: true; readonly filter: CallFilter }
  | { readonly ok: false; readonly why: string };

/** Times are read in the office's zone. */
export function readFilter(options: FilterOptions, timezone: string, nowMs: number): FilterRead {
  const empty = NAMED.find((name) => options[name]?.trim() === "");
  if (empty !== undefined) return { ok: false, why: `--${empty}: nothing is given` };
  const result = resultOf(options);
  if (result === "several")
    return { ok: false, why: "give one of --result, --missed, --left-message and --live" };
  const period = periodOf(options, timezone, nowMs);
  if (typeof period === "string") return { ok: false, why: period };
  const { number, user, group, carrier, called = options.to, emergency } = options;
  const named = given({ number, called, user, group, carrier, result, isEmergency: emergency });
  return { ok: true, filter: { ...period, ...named } };
}

function resultOf({ result, missed, leftMessage, live }: FilterOptions): Result | undefined | "several" {
  const asked: Result[] = [
    ...(result === undefined ? [] : [result]),
    ...(missed ? ["missed" as const] : []),
    ...(leftMessage ? ["message" as const] : []),
    ...(live ? ["live" as const] : []),
  ];
  return new Set(asked).size > 1 ? "several" : asked[0];
}

function periodOf(
  { since, until, day }: FilterOptions,
  timezone: string,
  nowMs: number,
): Pick<CallFilter, "fromMs" | "untilMs"> | string {
  if (day !== undefined && (since !== undefined || until !== undefined))
    return "--day is a period of its own: leave out --since and --until";
  if (day !== undefined) return readDay(day, timezone, nowMs) ?? `--day ${day}: expected ${DAY_EXPECTED}`;
  const fromMs = since === undefined ? undefined : readPast(since, timezone, nowMs);
  if (since !== undefined && fromMs === undefined) return `--since ${since}: expected ${PAST_EXPECTED}`;
  const untilMs = until === undefined ? undefined : readPast(until, timezone, nowMs, true);
  if (until !== undefined && untilMs === undefined) return `--until ${until}: expected ${PAST_EXPECTED}`;
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs)
    return "--since is not before --until";
  return given({ fromMs, untilMs });
}
