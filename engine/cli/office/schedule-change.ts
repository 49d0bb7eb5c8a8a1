/** `ringline schedule add`, `set` and `remove`: opening hours and holidays, as a new revision of the office. */
import { type Command, InvalidArgumentError } from "commander";
import type { EditFields } from "../../../policy/change/edits/types.js";
import { type HolidayFile, scheduleSet } from "../../../policy/change/routes/schedule-edits.js";
import { given } from "../../../policy/office/optional.js";
import { changesAnything, clearOption, repeated } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import { type ChangeOptions, changing, editByCommand } from "./change.js";

const HOURS_HELP = `
Opening hours are days and times on the schedule's own clock: "mon-fri
08:00-12:30", "sat,sun 22:00-02:30" (over midnight), "mon-sun 00:00-24:00".
Holidays are a day or a range of days, with a name if you like: "2026-12-25
Christmas", "2026-12-31..2027-01-01".`;

const ADD_HELP = `${HOURS_HELP}

A step of a flow then asks the schedule: it goes on while the schedule is open.

Examples:
  ringline schedule add practice --open "mon-fri 08:00-17:00" --db r.db
  ringline schedule add practice --open "mon-fri 08:00-12:30" --open "mon-thu 13:30-17:00" \\
    --closed "2026-12-25 Christmas" --timezone America/Chicago --db r.db
  ringline flow set main --add "schedule: practice, closed: flow:night" --at 1 --db r.db`;

const SET_HELP = `
--open replaces all opening hours, --closed all holidays.
${HOURS_HELP}

Examples:
  ringline schedule set practice --open "mon-fri 09:00-18:00" --db r.db
  ringline schedule set practice --add-closed "2027-01-18 Inventory" --dry-run --db r.db
  ringline schedule set practice --remove-closed 2027-01-18 --db r.db`;

const REMOVE_HELP = `
Refused while a step asks it, with the places.

Examples:
  ringline schedule remove practice --db r.db
  ringline schedule remove practice --message "always open now" --db r.db`;

interface HoursFile {
  readonly days: string;
  readonly from: string;
  readonly to: string;
}

interface ScheduleOptions extends ChangeOptions {
  readonly open?: readonly HoursFile[];
  readonly closed?: readonly HolidayFile[];
  readonly timezone?: string;
  readonly addClosed?: readonly HolidayFile[];
  readonly removeClosed?: readonly string[];
  readonly clear?: readonly string[];
}

export const registerScheduleChange: RegisterCommand = (schedule, terminal) => {
  changing(
    withHours(
      schedule
        .command("add")
        .summary("add a schedule")
        .description("Adds a schedule: opening hours, and holidays on which it is closed.")
        .argument("<id>", "its id"),
    ),
  )
    .addHelpText("after", ADD_HELP)
    .action(async (id: string, options: ScheduleOptions, command: Command) => {
      if (options.open === undefined) command.error("error: required option '--open <hours>' not specified");
      const edits = [{ verb: "add", kind: "schedule", id, fields: fieldsOf(options) }] as const;
      await editByCommand(terminal, options, edits);
    });
  changing(
    withHours(
      schedule
        .command("set")
        .summary("change opening hours and holidays")
        .description("Changes the opening hours and holidays of a schedule.")
        .argument("<id>", "which schedule"),
    )
      .option("--add-closed <days>", "one more holiday (repeat for more)", holidays)
      .option("--remove-closed <day>", "take out the holiday that begins then (repeat for more)", repeated)
      .addOption(clearOption(["closed", "timezone"])),
  )
    .addHelpText("after", SET_HELP)
    .action(async (id: string, options: ScheduleOptions, command: Command) => {
      const { addClosed = [], removeClosed = [] } = options;
      if (!changesAnything(options)) command.error("error: nothing to change: say --open, --add-closed, …");
      const fields = fieldsOf(options);
      if ("closed" in fields && addClosed.length + removeClosed.length > 0)
        command.error("error: --closed replaces all holidays; leave out --add-closed and --remove-closed");
      const order = { fields, addClosed, removeClosed };
      await editByCommand(terminal, options, (live) => {
        const set = scheduleSet(live, id, order);
        return set.ok ? set.edits : set;
      });
    });
  changing(
    schedule
      .command("remove")
      .summary("remove a schedule")
      .description("Removes a schedule that no step asks any more.")
      .argument("<id>", "which schedule"),
  )
    .addHelpText("after", REMOVE_HELP)
    .action(async (id: string, options: ChangeOptions) => {
      const edits = [{ verb: "remove", kind: "schedule", id, options: {} }] as const;
      await editByCommand(terminal, options, edits);
    });
};

function withHours(command: Command): Command {
  return command
    .option("--open <hours>", 'when it is open, such as "mon-fri 08:00-17:00" (repeat for more)', openHours)
    .option("--closed <days>", "a holiday (repeat for more)", holidays)
    .option("--timezone <zone>", "its own time zone, such as America/Chicago; left out: the office's");
}

function fieldsOf({ open, closed, timezone, clear = [] }: ScheduleOptions): EditFields {
  return {
    ...given({ open, closed, timezone }),
    ...Object.fromEntries(clear.map((field) => [field, null])),
  };
}

function openHours(text: string, before: readonly HoursFile[] = []): readonly HoursFile[] {
  const [, days, from, to] = /^(\S.*?)\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/.exec(text.trim()) ?? [];
  if (days === undefined || from === undefined || to === undefined)
    throw new InvalidArgumentError('Not of the form "mon-fri 08:00-17:00".');
  return [...before, { days, from, to }];
}

function holidays(text: string, before: readonly HolidayFile[] = []): readonly HolidayFile[] {
  const [, from, to, name] =
    /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?(?:\s+(\S.*))?$/.exec(text.trim()) ?? [];
  if (from === undefined)
    throw new InvalidArgumentError('Not of the form 2026-12-25, or "2026-12-31..2027-01-01 New Year".');
  const isDay = to === undefined && name === undefined;
  return [...before, isDay ? from : { from, ...given({ to, name }) }];
}
