/**
 * `ringline schedule`: shows whether schedules are open now, opens or closes one by hand, and changes their hours.
 */

import { printable } from "../../../policy/text.js";
import {
  listSchedules,
  resetSchedule,
  type ScheduleSet,
  setSchedule,
} from "../../office/changes/schedules.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readUntil, UNTIL_EXPECTED } from "../shared/until.js";
import { type DatabaseOptions, onDatabase, readingDatabase, sayNoOffice } from "../shared/use-case.js";
import { registerScheduleChange } from "./schedule-change.js";
import { registerScheduleShow } from "./schedule-show.js";
import { scheduleJson, scheduleText } from "./schedule-text.js";

const HELP = `
A schedule that was opened or closed by hand stays so until its time is over, or until \`ringline schedule reset\`:
whatever files are applied, and over restarts. Calls that arrive within a second may still find it as it was.
Hours and holidays are part of the office: a change of them is a new revision.

Examples:
  ringline schedule list --db ringline.db
  ringline schedule close practice --until 18:30 --db ringline.db
  ringline schedule open practice --until "2026-12-24 12:00" --db ringline.db
  ringline schedule reset practice --db ringline.db
  ringline schedule set practice --add-closed "2027-01-18 Inventory" --db ringline.db`;

interface Options extends DatabaseOptions {
  readonly until?: string;
}

export const registerSchedule: RegisterCommand = (program, terminal) => {
  const schedule = program
    .command("schedule")
    .summary("opening hours: show and change them, open or close by hand")
    .description("Shows the schedules as they are now, opens or closes one by hand, and changes their hours.")
    .addHelpText("after", HELP);
  schedule
    .command("list")
    .summary("list the schedules")
    .description("Lists the schedules: open or closed, why, and until when.")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object a line for each schedule")
    .action((options: Options) => list(terminal, options));
  registerScheduleShow(schedule, terminal);
  registerScheduleChange(schedule, terminal);
  for (const [name, state] of [
    ["open", "open"],
    ["close", "closed"],
  ] as const) {
    schedule
      .command(name)
      .summary(`${name} a schedule by hand`)
      .description(`Sets a schedule to ${state} by hand, whatever its hours say.`)
      .argument("<id>", "which schedule")
      .requiredOption("--db <file>", "the database")
      .option(
        "--until <time>",
        `until when, in the schedule's zone: ${UNTIL_EXPECTED}; until reset if left out`,
      )
      .option("--json", "print the schedule as one JSON object")
      .action(async (id: string, options: Options) => {
        const { until } = options;
        const ended = await onDatabase(terminal, options, (deps) =>
          setSchedule(deps, {
            id,
            state,
            until: until === undefined ? null : (zone) => readUntil(until, zone, deps.clock.nowMs()),
            author: terminal.author,
          }),
        );
        if (ended !== undefined) say(terminal, id, ended, options);
      });
  }
  schedule
    .command("reset")
    .summary("let a schedule's hours count again")
    .description("Takes back what was set by hand: the schedule's own hours count again.")
    .argument("<id>", "which schedule")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print the schedule as one JSON object")
    .action(async (id: string, options: Options) => {
      const ended = await onDatabase(terminal, options, (deps) => resetSchedule(deps, id));
      if (ended !== undefined) say(terminal, id, ended, options);
    });
};

async function list(terminal: Terminal, options: Options): Promise<void> {
  const json = options.json ?? false;
  const ended = await readingDatabase(terminal, options, (deps) => listSchedules(deps));
  if (ended?.outcome === "no_office") sayNoOffice(terminal, json);
  if (ended?.outcome !== "listed") return;
  if (json) for (const now of ended.schedules) terminal.out(`${JSON.stringify(scheduleJson(now))}\n`);
  else terminal.out(columns(ended.schedules.map(scheduleText)));
  for (const { id, author } of json ? [] : ended.orphans)
    terminal.err(
      `${printable(id)} was set by hand by ${printable(author)}; the office has no such schedule\n`,
    );
  if (ended.schedules.length === 0 && !json) terminal.err("the office has no schedules\n");
  terminal.exit(EXIT_OK);
}

function say(terminal: Terminal, id: string, set: ScheduleSet, { until, json = false }: Options): void {
  switch (set.outcome) {
    case "set":
      terminal.out(json ? `${JSON.stringify(scheduleJson(set.now))}\n` : columns([scheduleText(set.now)]));
      terminal.exit(EXIT_OK);
      return;
    case "nothing_set":
      if (json) terminal.out(`${JSON.stringify(scheduleJson(set.now))}\n`);
      else terminal.err(`the schedule \`${id}\` was not set by hand\n`);
      terminal.exit(EXIT_OK);
      return;
    case "orphan_reset":
      if (json) terminal.out(`${JSON.stringify({ id, byHand: null })}\n`);
      else terminal.err(`what was set by hand of \`${id}\` is taken back; the office has no such schedule\n`);
      terminal.exit(EXIT_OK);
      return;
    case "past":
      failed(terminal, `--until ${until} is over already`, json);
      return;
    case "bad_time":
      failed(terminal, `--until ${until} is no time; expected ${UNTIL_EXPECTED}`, json);
      return;
    case "no_office":
      sayNoOffice(terminal, json);
      return;
    case "not_found":
      failed(
        terminal,
        `there is no schedule \`${id}\`${set.suggestion === undefined ? "" : `; did you mean ${set.suggestion}?`}`,
        json,
      );
      return;
  }
}
