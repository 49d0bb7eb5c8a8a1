/** `ringline schedule show`: shows the hours and holidays of one schedule, and the steps that ask it. */
import type { ScheduleFile } from "../../../policy/steps/schedule/file.js";
import { type AboutSchedule, showSchedule } from "../../office/views/schedules.js";
import type { RegisterCommand } from "../shared/command.js";
import { driftFacts } from "../shared/drift-facts.js";
import { factsText } from "../shared/facts.js";
import { showing } from "../shared/use-case.js";
import { scheduleJson, scheduleText } from "./schedule-text.js";

const HELP = `
Examples:
  ringline schedule show practice --db r.db
  ringline schedule show practice --json --db r.db`;

export const registerScheduleShow: RegisterCommand = (schedule, terminal) => {
  schedule
    .command("show")
    .summary("show a schedule's hours and holidays")
    .description(
      "Shows the hours and holidays of a schedule, whether it is open now, and the steps that ask it.",
    )
    .argument("<id>", "which schedule")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, schedule, now, askedBy, drift }")
    .addHelpText("after", HELP)
    .action(async (id: string, options: { db: string; json?: boolean }) => {
      await showing(terminal, options, (deps) => showSchedule(deps, id), { text: text, json: aboutJson });
    });
};

function aboutJson({ outcome: _, now, ...about }: AboutSchedule): object {
  return { ...about, now: scheduleJson(now) };
}

function text({ schedule, now, askedBy, drift }: AboutSchedule): string {
  const { id, open, closed = [] } = schedule;
  return factsText(id, [
    ["now", [scheduleText(now).slice(1).join(", ")]],
    ["time zone", [now.timezone]],
    ["open", open.length === 0 ? ["never"] : open.map(({ days, from, to }) => `${days} ${from}-${to}`)],
    ["closed", closed.map(holidayText)],
    ["asked by", askedBy.length === 0 ? ["no step"] : askedBy],
    ["drift", driftFacts(drift)],
  ]);
}

/** As `--closed` reads it. */
function holidayText(holiday: NonNullable<ScheduleFile["closed"]>[number]): string {
  if (typeof holiday === "string") return holiday;
  const { from, to, name } = holiday;
  return `${from}${to === undefined ? "" : `..${to}`}${name === undefined ? "" : ` ${name}`}`;
}
