/** `ringline number add` and `ringline number set`: say where calls to a number go, and what callers and phones are shown. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { NumberOrder } from "../../../policy/change/routes/number-edits.js";
import type { RouteWords } from "../../../policy/change/routes/wish.js";
import { given } from "../../../policy/office/optional.js";
import { addNumber, type NumberChanged, setNumber } from "../../office/changes/numbers.js";
import { type ChangeOptions, changing, onOffice, sayChanged } from "../office/change.js";
import { changesAnything } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readInput } from "../shared/input.js";
import { readStepsText } from "../shared/steps-text.js";
import type { Terminal } from "../shared/terminal.js";
import type { Ended } from "../shared/use-case.js";
import { numberJson } from "./number-show.js";
import { numberText, remarkText } from "./number-text.js";

const ROUTE_HELP = `
--to is user:NAME or group:ID, whose phones ring; a number outside, such as
+12125550100; flow:ID; or extension:101, which does what a call to that
extension does. A flow and an extension say themselves how long phones ring.

--then says what comes when nobody answers: voicemail (of the user or group that
rings), voicemail:user:NAME or voicemail:group:ID, hangup, another destination
as for --to, or keep-ringing. Left out: voicemail; for a number outside hangup.`;

const ADD_HELP = `
Without --to the number is the office's and leads nowhere yet.
${ROUTE_HELP}

Examples:
  ringline number add "+12125550115" --label Support --to group:support --db r.db
  ringline number add "+12125550200..99" --to flow:main --db r.db`;

const SET_HELP = `
Only what is named changes. Opening hours and announcements that come first
stay; --plain takes them away. A named flow that nothing else uses is changed
itself. If something else uses it, the number gets steps of its own and the flow
stays as it is, unless --for-all is given.
${ROUTE_HELP}

Examples:
  ringline number set "+12125550100" --to user:bob.stone --db r.db
  ringline number set "+12125550100" --ring 40 --then hangup --dry-run --db r.db
  ringline number set "+12125550100" --to "+1 646 555 0199" --press-1 \\
    --then voicemail:group:sales --message "Bob is away" --db r.db
  ringline number set "+12125550100" --then keep-ringing --for-all --db r.db`;

interface NumberOptions extends ChangeOptions {
  readonly to?: string;
  readonly ring?: number | "none";
  readonly press1?: boolean;
  readonly autoPress1?: true;
  readonly then?: string;
  readonly steps?: string;
  readonly label?: string;
  readonly callerIdPrefix?: string;
  readonly plan?: string;
  readonly anonymousCallers?: "accept" | "refuse";
  readonly plain?: true;
  readonly forAll?: boolean;
}

export const registerNumberChange: RegisterCommand = (number, terminal) => {
  changing(
    withNumberOptions(
      number
        .command("add")
        .summary("add a number, and say where calls to it go")
        .description("Adds a number, a block of numbers, or any, and says where calls go."),
    ),
  )
    .addHelpText("after", ADD_HELP)
    .action((written: string, options: NumberOptions) => change(terminal, written, options, addNumber));
  changing(
    withNumberOptions(
      number
        .command("set")
        .summary("say where calls to a number go")
        .description("Says where calls to a number go, and shows the number afterwards."),
    )
      .option("--plain", "without the opening hours and announcements that come first")
      .option("--for-all", "change a flow that others use, too, for all of them"),
  )
    .addHelpText("after", SET_HELP)
    .action((written: string, options: NumberOptions, command: Command) => {
      if (!changesAnything(options, ["forAll"]))
        command.error("error: nothing to change: say --to, --ring, --then, …");
      return change(terminal, written, options, setNumber);
    });
};

function withNumberOptions(command: Command): Command {
  return command
    .argument("<number>", 'the number, a block of numbers, or "any"')
    .option("--to <destination>", "where calls go")
    .option("--ring <seconds>", "how long phones ring, 10 to 60, or none: without end", ringTime)
    .option("--press-1", "whoever answers must press 1 first")
    .option("--no-press-1", "nobody must press 1")
    .option("--auto-press-1", "as each phone says; if it says nothing, outside phones must")
    .option("--then <what>", "what comes when nobody answers")
    .option("--steps <file>", "steps of its own, YAML or JSON, instead of --to; -: standard input")
    .option("--label <text>", "what the number is for, or none")
    .option("--caller-id-prefix <text>", "shown on phones before the caller's name, or none")
    .option("--plan <id>", "the plan by which calls outside that show it are counted, or none")
    .addOption(
      new Option("--anonymous-callers <word>", "callers who withhold their number").choices([
        "accept",
        "refuse",
      ]),
    );
}

/** Files may say other times; these are what people choose from. */
const RING_SECONDS = { min: 10, max: 60 } as const;

function ringTime(text: string): number | "none" {
  if (text === "none") return text;
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= RING_SECONDS.min && seconds <= RING_SECONDS.max) return seconds;
  throw new InvalidArgumentError(
    `Not ${RING_SECONDS.min} to ${RING_SECONDS.max} seconds, or none; --steps and flows take any time.`,
  );
}

async function change(
  terminal: Terminal,
  written: string,
  options: NumberOptions,
  useCase: typeof setNumber,
): Promise<void> {
  const json = options.json ?? false;
  const route = routeOf(options);
  if (options.steps !== undefined && route !== undefined) {
    failed(terminal, "--steps says all that a call does; leave out --to, --ring, --press-1, --then, …", json);
    return;
  }
  const steps = await stepsOf(terminal, options.steps);
  if (!steps.ok) {
    failed(terminal, steps.why, json);
    return;
  }
  const order: NumberOrder = {
    number: written,
    fields: fieldsOf(options),
    ...given({ route, steps: steps.steps }),
    forAll: options.forAll ?? false,
  };
  const ended = await onOffice(terminal, options, (deps, request) => useCase(deps, request, order));
  if (ended !== undefined) sayNumber(terminal, ended, json);
}

async function stepsOf(terminal: Terminal, path: string | undefined) {
  if (path === undefined) return { ok: true as const, steps: undefined };
  const input = await readInput(terminal, path);
  return input.ok ? readStepsText(input) : input;
}

function routeOf({ to, ring, press1, autoPress1, then, plain }: NumberOptions): RouteWords | undefined {
  const press = autoPress1 === true ? null : press1;
  const words = given({ to, ring, press1: press, after: then, plain });
  return Object.keys(words).length === 0 ? undefined : words;
}

function fieldsOf(options: NumberOptions): NumberOrder["fields"] {
  const { label, callerIdPrefix, plan, anonymousCallers } = options;
  return given({
    label: orNull(label),
    caller_id_prefix: orNull(callerIdPrefix),
    plan: orNull(plan),
    anonymous_callers: anonymousCallers,
  });
}

/** `none` takes the field away. */
function orNull(text: string | undefined): string | null | undefined {
  return text === "none" ? null : text;
}

/** Reports the change, then what became of flows, then the number as it is now. */
export function sayNumber(terminal: Terminal, ended: Ended<NumberChanged>, json: boolean): void {
  const { about, remarks = [], ...changed } = ended;
  const more = { remarks, ...(about === undefined ? {} : numberJson(about)) };
  sayChanged(terminal, json && "remarks" in ended ? { ...changed, ...more } : changed, json);
  if (json) return;
  for (const remark of remarks) terminal.out(`${remarkText(remark)}\n`);
  if (about !== undefined) terminal.out(numberText(about));
}
