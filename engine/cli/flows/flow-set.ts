/** `ringline flow set`: gives a flow other steps, from a file or standard input, or changes single steps. */
import { type Command, InvalidArgumentError } from "commander";
import type { FlowOrder } from "../../../policy/change/routes/flow-edits.js";
import { given } from "../../../policy/office/optional.js";
import { type FlowChanged, setFlow } from "../../office/changes/flows.js";
import { type ChangeOptions, changing, onOffice, sayChanged } from "../office/change.js";
import { wholeNumber } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readInput } from "../shared/input.js";
import { readStepsText, readStepText } from "../shared/steps-text.js";
import type { Terminal } from "../shared/terminal.js";
import type { Ended } from "../shared/use-case.js";
import { flowJson, flowText } from "./flow-text.js";

const HELP = `
A file has a list of steps as an office file has them, in YAML or JSON; a flow
that is not there is made. Single steps are changed by their numbers, as
\`ringline flow show\` has them, one kind of change at a time. The change is for
all that lead there.

Examples:
  ringline flow set main main.yaml --db r.db
  ringline flow show main --yaml --db r.db | sed s/30/40/ |
    ringline flow set main - --db r.db
  ringline flow set main --add "ring: group:sales, timeout: 30" --db r.db
  ringline flow set main --add "schedule: practice, closed: flow:night" \\
    --at 1 --db r.db
  ringline flow set main --move 3:1 --dry-run --db r.db
  ringline flow set main --remove-step 2 --db r.db`;

interface SetOptions extends ChangeOptions {
  readonly add?: string;
  readonly at?: number;
  readonly move?: { readonly from: number; readonly to: number };
  readonly removeStep?: readonly number[];
}

export const registerFlowSet: RegisterCommand = (flow, terminal) => {
  changing(
    flow
      .command("set")
      .summary("change a flow's steps, or make a flow")
      .description("Gives a flow other steps, or makes it; or adds, moves or removes single steps.")
      .argument("<id>", "the flow's id")
      .argument("[file]", "a file with all its steps; -: standard input")
      .option("--add <step>", "add a step; before the last step unless --at says where")
      .option("--at <position>", "the position of the added step, from 1", wholeNumber)
      .option("--move <from:to>", "move a step, for example 3:1", movement)
      .option("--remove-step <position>", "take a step out (repeat for more)", position),
  )
    .addHelpText("after", HELP)
    .action(async (id: string, file: string | undefined, options: SetOptions, command: Command) => {
      const { add, at, move, removeStep } = options;
      const given = [file, add, move, removeStep].filter((each) => each !== undefined);
      if (given.length !== 1)
        command.error("error: one of a file, --add, --move and --remove-step, and one kind at a time");
      if (at !== undefined && add === undefined) command.error("error: --at goes with --add");
      await set(terminal, id, file, options);
    });
};

function movement(text: string): { readonly from: number; readonly to: number } {
  const [, from, to] = /^(\d{1,4}):(\d{1,4})$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new InvalidArgumentError("Not of the form 3:1.");
  return { from: Number(from), to: Number(to) };
}

function position(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, wholeNumber(text)];
}

type OrderRead =
  | { readonly ok: true; readonly order: FlowOrder }
  | { readonly ok: false; readonly why: string };

async function set(
  terminal: Terminal,
  id: string,
  file: string | undefined,
  options: SetOptions,
): Promise<void> {
  const json = options.json ?? false;
  const read = await orderOf(terminal, file, options);
  if (!read.ok) {
    failed(terminal, read.why, json);
    return;
  }
  const ended = await onOffice(terminal, options, (deps, request) => setFlow(deps, request, id, read.order));
  if (ended !== undefined) sayFlow(terminal, ended, json);
}

async function orderOf(
  terminal: Terminal,
  file: string | undefined,
  { add, at, move, removeStep = [] }: SetOptions,
): Promise<OrderRead> {
  if (file !== undefined) {
    const input = await readInput(terminal, file);
    const read = input.ok ? readStepsText(input) : input;
    return read.ok ? { ok: true, order: { kind: "replace", steps: read.steps } } : read;
  }
  if (add !== undefined) {
    const read = readStepText(add);
    return read.ok ? { ok: true, order: { kind: "add", step: read.steps, ...given({ at }) } } : read;
  }
  if (move !== undefined) return { ok: true, order: { kind: "move", ...move } };
  return { ok: true, order: { kind: "remove", positions: removeStep } };
}

function sayFlow(terminal: Terminal, ended: Ended<FlowChanged>, json: boolean): void {
  const { about, ...changed } = ended;
  sayChanged(terminal, json && about !== undefined ? { ...changed, ...flowJson(about) } : changed, json);
  if (!json && about !== undefined) terminal.out(flowText(about));
}
