/** `ringline plans`: what calls outside cost that show one of the office's numbers; shows plans and changes them. */
import { type Command, InvalidArgumentError } from "commander";
import type { EditFields } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import type { PlanPriceFile } from "../../../policy/usage/file.js";
import { counted } from "../../counted.js";
import { type AboutPlan, listPlans, type PlanShown, showPlan } from "../../office/views/plans.js";
import { type ChangeOptions, changing, editByCommand } from "../office/change.js";
import { changesAnything, clearOption, repeated, wholeNumber } from "../shared/arguments.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { driftFacts } from "../shared/drift-facts.js";
import { fact, factsText } from "../shared/facts.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
A number is put on a plan by \`ringline number set NUMBER --plan ID\`. What calls
come to is shown by \`ringline usage\`; docs/statistics.md says how it is reckoned.

Examples:
  ringline plans add business --currency USD --included-minutes 1000 \\
    --included-prefix +1 --price +1=0.012 --price +44=0.02 --db r.db
  ringline plans set business --price +44=0.018 --db r.db
  ringline plans show business --db r.db`;

const LIST_HELP = `
Examples:
  ringline plans list --db r.db
  ringline plans list --json --db r.db`;

const SHOW_HELP = `
Examples:
  ringline plans show business --db r.db
  ringline plans show business --json --db r.db`;

const ADD_HELP = `
Examples:
  ringline plans add business --currency USD --price +1=0.012 --per-minute 0.25 --db r.db
  ringline plans add flat --name "Flat rate" --currency EUR --included-minutes 10000 --db r.db`;

const SET_HELP = `
Only what is named changes; --price and --included-prefix replace the whole list.
The prices count for all of the month, also for calls that were before the change.

Examples:
  ringline plans set business --included-minutes 2000 --db r.db
  ringline plans set business --price +1=0.012 --price 411=1.50 --dry-run --db r.db
  ringline plans set business --clear included-prefixes --db r.db`;

const REMOVE_HELP = `
Refused while a number is on it.

Examples:
  ringline plans remove business --db r.db
  ringline plans remove business --message "contract ended" --db r.db`;

interface PlanOptions extends ChangeOptions {
  readonly name?: string;
  readonly currency?: string;
  readonly includedMinutes?: number;
  readonly includedPrefix?: readonly string[];
  readonly perMinute?: string;
  readonly price?: readonly PlanPriceFile[];
  readonly clear?: readonly string[];
}

/** What `--clear` takes away, and its field in a file. */
const CLEARABLE: Readonly<Record<string, string>> = {
  name: "name",
  "included-minutes": "included_minutes",
  "included-prefixes": "included_prefixes",
  "per-minute": "per_minute",
  prices: "prices",
};

export const registerPlans: RegisterCommand = (program, terminal) => {
  const plans = program
    .command("plans")
    .summary("what calls outside cost that show one of the numbers")
    .description("Shows the plans by which calls outside are counted, and changes them.")
    .addHelpText("after", HELP);
  registerShow(plans, terminal);
  registerChange(plans, terminal);
};

interface ShowOptions {
  readonly db: string;
  readonly json?: boolean;
}

const registerShow: RegisterCommand = (plans, terminal) => {
  plans
    .command("list")
    .summary("list the plans, and how many numbers are on each")
    .description("Lists the plans of the live office.")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object a line for each plan")
    .addHelpText("after", LIST_HELP)
    .action((options: ShowOptions) => list(terminal, options));
  plans
    .command("show")
    .summary("show the prices of a plan, and the numbers that are on it")
    .description("Shows all the live office says of a plan.")
    .argument("<id>", "the plan's id")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, plan, numbers, drift }")
    .addHelpText("after", SHOW_HELP)
    .action((id: string, options: ShowOptions) => show(terminal, id, options));
};

async function list(terminal: Terminal, options: ShowOptions): Promise<void> {
  const json = options.json ?? false;
  const ended = await readingDatabase(terminal, options, (deps) => listPlans(deps));
  if (ended?.outcome === "no_office") sayNoOffice(terminal, json);
  if (ended?.outcome !== "listed") return;
  if (json) for (const each of ended.plans) terminal.out(`${JSON.stringify(each)}\n`);
  else terminal.out(columns(ended.plans.map(row)));
  if (ended.plans.length === 0 && !json) terminal.err("no plan\n");
  terminal.exit(EXIT_OK);
}

async function show(terminal: Terminal, id: string, options: ShowOptions): Promise<void> {
  const json = options.json ?? false;
  const ended = await readingDatabase(terminal, options, (deps) => showPlan(deps, id));
  switch (ended?.outcome) {
    case "no_office":
      return sayNoOffice(terminal, json);
    case "not_found":
      return failed(terminal, ended.reason, json);
    case "shown": {
      const { outcome: _, ...about } = ended;
      terminal.out(json ? `${JSON.stringify({ ok: true, ...about })}\n` : text(ended));
      terminal.exit(EXIT_OK);
    }
  }
}

function row({ plan, numbers }: AboutPlan): string[] {
  const { id, name = "-", currency, included_minutes: minutes, prices = [] } = plan;
  return [
    id,
    name,
    currency,
    minutes === undefined ? "no minutes included" : `${minutes} min included`,
    counted(prices.length, "price"),
    counted(numbers.length, "number"),
  ];
}

function text({ plan, numbers, drift }: PlanShown): string {
  const { currency } = plan;
  return factsText(plan.id, [
    fact("name", plan.name),
    fact("included minutes", plan.included_minutes),
    fact("used by calls to", plan.included_prefixes?.join(", ")),
    [
      "a minute",
      [
        ...(plan.prices ?? []).map(
          ({ prefix, short_number: short, per_minute: price }) => `${prefix ?? short}  ${price} ${currency}`,
        ),
        ...(plan.per_minute === undefined ? [] : [`all others  ${plan.per_minute} ${currency}`]),
      ],
    ],
    ["numbers", numbers.length === 0 ? ["none"] : numbers],
    ["drift", driftFacts(drift)],
  ]);
}

const registerChange: RegisterCommand = (plans, terminal) => {
  changing(
    withSettings(
      plans.command("add").summary("add a plan").description("Adds a plan.").argument("<id>", "its id"),
    ),
  )
    .addHelpText("after", ADD_HELP)
    .action(async (id: string, options: PlanOptions, command: Command) => {
      if (options.currency === undefined)
        command.error("error: required option '--currency <code>' not specified");
      await editByCommand(terminal, options, [{ verb: "add", kind: "plan", id, fields: fieldsOf(options) }]);
    });
  changing(
    withSettings(
      plans
        .command("set")
        .summary("change a plan")
        .description("Changes a plan.")
        .argument("<id>", "the plan's id"),
    ).addOption(clearOption(Object.keys(CLEARABLE))),
  )
    .addHelpText("after", SET_HELP)
    .action(async (id: string, options: PlanOptions, command: Command) => {
      if (!changesAnything(options)) command.error("error: nothing to change: say --price, --name, …");
      await editByCommand(terminal, options, [{ verb: "set", kind: "plan", id, fields: fieldsOf(options) }]);
    });
  changing(
    plans
      .command("remove")
      .summary("remove a plan")
      .description("Removes a plan that no number is on any more.")
      .argument("<id>", "the plan's id"),
  )
    .addHelpText("after", REMOVE_HELP)
    .action(async (id: string, options: ChangeOptions) => {
      await editByCommand(terminal, options, [{ verb: "remove", kind: "plan", id, options: {} }]);
    });
};

function withSettings(command: Command): Command {
  return command
    .option("--name <text>", "the name that people read")
    .option("--currency <code>", "the currency's three letters, such as USD")
    .option("--included-minutes <minutes>", "minutes a month that cost nothing", wholeNumber)
    .option("--included-prefix <digits>", "only for calls to these numbers (repeat for more)", repeated)
    .option("--price <prefix=price>", "a minute to these numbers, such as +44=0.02 (repeat)", price)
    .option("--per-minute <price>", "a minute to all other numbers");
}

function fieldsOf(options: PlanOptions): EditFields {
  const { clear = [] } = options;
  return {
    ...given({
      name: options.name,
      currency: options.currency,
      included_minutes: options.includedMinutes,
      included_prefixes: options.includedPrefix,
      per_minute: options.perMinute,
      prices: options.price,
    }),
    ...Object.fromEntries(clear.map((what) => [CLEARABLE[what] ?? what, null])),
  };
}

function price(written: string, before: readonly PlanPriceFile[] = []): readonly PlanPriceFile[] {
  const [, number, perMinute = ""] = /^(\+?\d+)=(.+)$/.exec(written.replaceAll(" ", "")) ?? [];
  if (number === undefined)
    throw new InvalidArgumentError('Not of the form "+44=0.02", or "411=1.50" for a short number.');
  const key = number.startsWith("+") ? "prefix" : "short_number";
  return [...before, { [key]: number, per_minute: perMinute }];
}
