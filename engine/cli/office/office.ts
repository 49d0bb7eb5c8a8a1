/** `ringline office`: shows the settings of the office as a whole, and changes them. */
import type { Command } from "commander";
import type { EditFields } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import { counted } from "../../counted.js";
import { type AboutOffice, showOffice } from "../../office/views/settings.js";
import { changesAnything, clearOption, countOrNone, repeated, wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { driftFacts } from "../shared/drift-facts.js";
import { factsText, fieldFacts } from "../shared/facts.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";
import { type ChangeOptions, changing, editByCommand } from "./change.js";

const HELP = `
Examples:
  ringline office show --db r.db
  ringline office set --name "Acme Dental" --db r.db`;

const SHOW_HELP = `
Examples:
  ringline office show --db r.db
  ringline office show --json --db r.db`;

const SET_HELP = `
Only what is named changes; a list is replaced whole. Where calls outside may
go, and how much they may cost, is in docs/numbers.md.

Examples:
  ringline office set --name "Acme Dental" --timezone America/Chicago --db r.db
  ringline office set --outside-caller-id "+12125550100" --dry-run --db r.db
  ringline office set --outside-country CA --outside-country GB --calls-at-once 20 --db r.db
  ringline office set --keep-records 400 --anonymise-after 90 --db r.db
  ringline office set --clear emergency-numbers --db r.db`;

interface SetOptions extends ChangeOptions {
  readonly name?: string;
  readonly country?: string;
  readonly timezone?: string;
  readonly outsideCallerId?: string;
  readonly emergencyNumber?: readonly string[];
  readonly outsideCountry?: readonly string[];
  readonly outsidePrefix?: readonly string[];
  readonly outsideShortNumber?: readonly string[];
  readonly callsAtOnce?: number | "none";
  readonly minutesADay?: number | "none";
  readonly callsAtOnceEach?: number | "none";
  readonly minutesADayEach?: number | "none";
  readonly keepRecords?: number | "none";
  readonly anonymiseAfter?: number | "none";
  readonly keepAudit?: number | "none";
  readonly phonesNeedAccount?: boolean;
  readonly sessionIdle?: number;
  readonly sessionDays?: number;
  readonly guessesAnHour?: number;
  readonly clear?: readonly string[];
}

/** What `--clear` takes away, as the fields of an edit. */
const CLEARED: Readonly<Record<string, EditFields>> = {
  "outside-caller-id": { outside_caller_id: null },
  "emergency-numbers": { emergency_numbers: null },
  "outside-countries": { outside_calls: { countries: null } },
  "outside-prefixes": { outside_calls: { prefixes: null } },
  "outside-short-numbers": { outside_calls: { short_numbers: null } },
  "calls-at-once": { outside_calls: { calls_at_once: null } },
  "minutes-a-day": { outside_calls: { minutes_a_day: null } },
  "calls-at-once-each": { outside_calls: { each_user: { calls_at_once: null } } },
  "minutes-a-day-each": { outside_calls: { each_user: { minutes_a_day: null } } },
  "keep-records": { records: { keep: null } },
  "anonymise-after": { records: { anonymise: null } },
  "keep-audit": { records: { audit: null } },
  "session-idle": { sign_in: { idle_hours: null } },
  "session-days": { sign_in: { absolute_days: null } },
  "guesses-an-hour": { sign_in: { guesses_an_hour: null } },
};

export const registerOffice: RegisterCommand = (program, terminal) => {
  const office = program
    .command("office")
    .summary("show and change the settings of the office")
    .description("Shows the settings of the office as a whole, and changes them.")
    .addHelpText("after", HELP);
  office
    .command("show")
    .summary("show the office's settings")
    .description("Shows the settings of the live office, and how much is in it.")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, revision, office, emergencyNumbers, counts, drift }")
    .addHelpText("after", SHOW_HELP)
    .action(async (options: { db: string; json?: boolean }) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => showOffice(deps));
      if (ended?.outcome === "no_office") sayNoOffice(terminal, json);
      if (ended?.outcome !== "shown") return;
      const { outcome: _, ...about } = ended;
      terminal.out(json ? `${JSON.stringify({ ok: true, ...about })}\n` : text(ended));
      terminal.exit(EXIT_OK);
    });
  changing(withSettings(office.command("set")).addOption(clearOption(Object.keys(CLEARED))))
    .summary("change the office's settings")
    .description("Changes settings of the office as a whole.")
    .addHelpText("after", SET_HELP)
    .action(async (options: SetOptions, command: Command) => {
      if (!changesAnything(options)) command.error("error: nothing to change: say --name, --timezone, …");
      const edits = [{ verb: "set", kind: "office", id: "", fields: fieldsOf(options) }] as const;
      await editByCommand(terminal, options, edits);
    });
};

function text({ revision, office, emergencyNumbers, counts, drift }: AboutOffice): string {
  const { name, emergency_numbers: _own, ...fields } = office;
  const { carriers, users, groups, flows, numbers } = counts;
  return factsText(name, [
    ...fieldFacts(fields),
    ["emergency numbers", [emergencyNumbers.join(", ")]],
    [
      "has",
      [
        [
          counted(users, "user"),
          counted(groups, "group"),
          counted(numbers, "number"),
          counted(flows, "flow"),
          counted(carriers, "carrier"),
        ].join(", "),
      ],
    ],
    ["revision", [String(revision)]],
    ["drift", driftFacts(drift)],
  ]);
}

function withSettings(command: Command): Command {
  return command
    .option("--name <name>", "the office's name")
    .option("--country <code>", "the country's two letters, by which numbers are read")
    .option("--timezone <zone>", "its time zone, such as America/New_York")
    .option("--outside-caller-id <what>", "what outside phones are shown: caller, called, or a number")
    .option("--emergency-number <digits>", "instead of the country's (repeat for more)", repeated)
    .option("--outside-country <code>", "calls outside may also go there (repeat for more)", repeated)
    .option("--outside-prefix <digits>", "and to numbers that begin so (repeat for more)", repeated)
    .option("--outside-short-number <digits>", "and to this premium short number (repeat)", repeated)
    .option("--calls-at-once <count>", "calls outside at once, or none: no limit", countOrNone)
    .option("--minutes-a-day <minutes>", "minutes of calls outside a day, or none", countOrNone)
    .option("--calls-at-once-each <count>", "calls outside at once of each user, or none", countOrNone)
    .option("--minutes-a-day-each <minutes>", "minutes outside a day of each user, or none", countOrNone)
    .option("--keep-records <days>", "delete records of calls so long after the call, or none", countOrNone)
    .option("--anonymise-after <days>", "take callers' numbers out of them, or none: never", countOrNone)
    .option("--keep-audit <days>", "delete the audit's entries after so long, or none: never", countOrNone)
    .option("--session-idle <hours>", "sign people out who have asked nothing for so long", wholeNumber)
    .option("--session-days <days>", "let people sign in again after so long", wholeNumber)
    .option("--guesses-an-hour <count>", "sign-ins that may fail in an hour without a wait", wholeNumber)
    .option("--phones-need-account", "phones sign in only once their user has an account")
    .option("--no-phones-need-account", "they sign in before, too");
}

function fieldsOf(options: SetOptions): EditFields {
  const { clear = [] } = options;
  const each = given({
    calls_at_once: options.callsAtOnceEach,
    minutes_a_day: options.minutesADayEach,
  });
  const outside = given({
    countries: options.outsideCountry,
    prefixes: options.outsidePrefix,
    short_numbers: options.outsideShortNumber,
    calls_at_once: options.callsAtOnce,
    minutes_a_day: options.minutesADay,
    each_user: Object.keys(each).length === 0 ? undefined : each,
  });
  const records = given({
    keep: options.keepRecords,
    anonymise: options.anonymiseAfter,
    audit: options.keepAudit,
  });
  const signIn = given({
    idle_hours: options.sessionIdle,
    absolute_days: options.sessionDays,
    guesses_an_hour: options.guessesAnHour,
  });
  const named: EditFields = given({
    name: options.name,
    country: options.country,
    timezone: options.timezone,
    outside_caller_id: options.outsideCallerId,
    emergency_numbers: options.emergencyNumber,
    outside_calls: Object.keys(outside).length === 0 ? undefined : outside,
    records: Object.keys(records).length === 0 ? undefined : records,
    phones_need_account: options.phonesNeedAccount,
    sign_in: Object.keys(signIn).length === 0 ? undefined : signIn,
  });
  return clear.reduce((fields, what) => joined(fields, CLEARED[what] ?? {}), named);
}

/** Both together; mappings that both have are joined as well. */
function joined(one: EditFields, other: EditFields): EditFields {
  const both = Object.entries(other).map(([key, value]) => {
    const first = one[key];
    return [key, isMapping(first) && isMapping(value) ? joined(first, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(both) };
}

function isMapping(value: unknown): value is EditFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
